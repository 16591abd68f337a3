"""Mail addresses as they are typed, and as they may be shown to who is not yet known to own them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST_ADDRESS = 254


class NotAnAddress(ValueError):
    """What was typed can't be an e-mail address."""


def mail_address(typed: str) -> str:
    """The address in lower case. Raises NotAnAddress."""
    address = typed.strip().lower()
    if len(address) > LONGEST_ADDRESS:
        raise NotAnAddress
    try:
        validate_email(address)
    except ValidationError:
        raise NotAnAddress from None
    return address


def masked(address: str) -> str:
    """``c•••@m•••.example``: enough for its owner, too little for anybody else."""
    name, _, domain = address.rpartition("@")
    first, dot, rest = domain.partition(".")
    return f"{name[:1]}•••@{first[:1]}•••{dot}{rest}"
