"""Hosts as browsers ask for them."""

from __future__ import annotations

import re
from ipaddress import ip_address

NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


class NotAHost(ValueError):
    """It has a scheme, a port or a path, or is no name at all."""


def read_host(typed: str) -> str:
    """A name in lower case and IDNA, or an address, IPv6 short and in brackets. Raises NotAHost."""
    try:
        address = ip_address(typed.removeprefix("[").removesuffix("]"))
    except ValueError:
        return _name(typed)
    return f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004 - IPv6


def _name(typed: str) -> str:
    try:
        name = typed.lower().removesuffix(".").encode("idna").decode()
    except UnicodeError:
        raise NotAHost from None
    if not NAME.fullmatch(name):
        raise NotAHost
    return name
