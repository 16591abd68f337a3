"""Whose word we take on where a request comes from: trusted proxies, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from kefu.config.adapter.asgi_types import Scope

Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Origin:
    """Where a request comes from: the client's address and the scheme that the client used."""

    address: str
    port: int
    scheme: str


class Proxies:
    """Addresses or networks; raises ValueError for anything else."""

    def __init__(self, trusted: Iterable[str]) -> None:
        self.trusted = [ip_network(each, strict=False) for each in trusted]

    def origin(self, scope: Scope) -> Origin:
        """The nearest address that is not one of ours, as our own proxies tell it from right to left."""
        address, port = scope.get("client") or ("", 0)
        if not self.trusted or not self.is_trusted(_parsed(address)):
            return Origin(address, port, scope["scheme"])
        told = Origin(address, port, _told_scheme(scope))
        for written in reversed(_values(scope, b"x-forwarded-for")):
            parsed = _parsed(written)
            if parsed is None:
                break
            told = Origin(str(parsed), 0, told.scheme)
            if not self.is_trusted(parsed):
                break
        return told

    def is_trusted(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self.trusted)


def _values(scope: Scope, name: bytes) -> list[str]:
    joined = ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)
    return [value.strip() for value in joined.split(",") if value.strip()]


def _told_scheme(scope: Scope) -> str:
    told = _values(scope, b"x-forwarded-proto")
    # The last word is the nearest proxy's; what stands before it may be the client's own invention.
    scheme = told[-1].lower() if told else ""
    return scheme if scheme in {"http", "https"} else str(scope["scheme"])


def _parsed(written: str) -> Address | None:
    """An address, perhaps with a port: 192.0.2.1, 192.0.2.1:443, 2001:db8::1, [2001:db8::1]:443."""
    if written.startswith("["):
        written = written[1:].partition("]")[0]
    elif written.count(":") == 1:
        written = written.partition(":")[0]
    try:
        parsed = ip_address(written)
    except ValueError:
        return None
    # A socket that listens on both families shows an IPv4 peer as ::ffff:192.0.2.1.
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
