"""Mail addresses as they are typed, and as they may be shown to who is not yet known to own them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST_ADDRESS = 254


class NotAnAddress(ValueError):
    """What was typed can't be an e-mail address."""


def mail_address(typed: str) -> str:
    """The address in lower case, its domain as the mail system writes it (IDNA). Raises NotAnAddress.

    A name in quotes is allowed by the standard, used by nobody, and a trap for every program on the way.
    """
    name, _, domain = typed.strip().lower().rpartition("@")
    try:
        address = f"{name}@{domain.encode('idna').decode()}"
        validate_email(address)
    except (UnicodeError, ValidationError):
        raise NotAnAddress from None
    if len(address) > LONGEST_ADDRESS or '"' in name:
        raise NotAnAddress
    return address


def masked(address: str) -> str:
    """``c•••@m•••.example``: enough for its owner, too little for anybody else."""
    name, _, domain = address.rpartition("@")
    first, dot, rest = domain.partition(".")
    return f"{name[:1]}•••@{first[:1]}•••{dot}{rest}"
