"""Whose address it is, as far as a limit by address is concerned."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

# One subscriber has at least a /64 of IPv6 (RFC 6177), and may take a new address in it for every request.
SUBSCRIBER_BITS = 64
HOST_BITS = 128 - SUBSCRIBER_BITS


def network_of(address: str) -> str:
    """The key under which a client is counted: an IPv4 address whole, of an IPv6 address the first of its /64.

    An IPv4 address written as IPv6 is the IPv4 address; what is no address, as "" for a Unix socket, stays as it is.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> HOST_BITS << HOST_BITS))


def is_loopback(host: str) -> bool:
    """Whether this name or address can only be this very machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
