"""Where people reach this installation: the hosts it answers to, and its address as links and the console say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kefu.brands.hosts import read_host

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
SOCKET_PATH = "/ws/v1"
# The same protocol where sockets are blocked.
FRAMES_PATH = "/api/v1/frames"
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - recognised, not bound


@dataclass(frozen=True)
class Origin:
    """`host` is the address that Kefu listens on, `public_hosts` the names of KEFU_HOSTS, without a port."""

    host: str
    public_hosts: tuple[str, ...] = ()
    is_proxied: bool = False
    allows_plain_http: bool = False

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Origin:
        """From the operator's settings."""
        return cls(
            host=values["KEFU_HOST"],
            public_hosts=tuple(values["KEFU_HOSTS"]),
            is_proxied=bool(values["KEFU_TRUSTED_PROXIES"]),
            allows_plain_http=values["KEFU_INSECURE_HTTP"],
        )

    @property
    def is_local(self) -> bool:
        """Only this machine reaches it; behind a proxy, or under a name of its own, others do too."""
        return self.host in LOOPBACK and not self.public_hosts and not self.is_proxied

    @property
    def has_tls(self) -> bool:
        """Whoever allows plain HTTP and names no proxy has nothing that adds TLS."""
        return not self.is_local and (self.is_proxied or not self.allows_plain_http)

    @property
    def is_nameless(self) -> bool:
        """Others reach it, on every address or through a proxy, but by whichever name they ask, it is refused."""
        return (self.host in EVERYWHERE or self.is_proxied) and not self.public_hosts

    @property
    def answers_to(self) -> list[str]:
        """What a request may name as its host. The address it listens on is one, unless that stands for all."""
        own = [] if self.host in LOOPBACK | EVERYWHERE else [read_host(self.host)]
        return ["localhost", "127.0.0.1", "[::1]", *own, *self.public_hosts]

    def local(self, port: int) -> str:
        """Under which this machine itself reaches it; a name where there is one, since passkeys refuse bare addresses."""
        if self.host in LOOPBACK or self.host in EVERYWHERE:
            return f"http://localhost:{port}"
        return f"http://{read_host(self.host)}:{port}"

    def public(self, port: int) -> str:
        """What customers and agents open: the first public host, or the local address without one."""
        if not self.public_hosts:
            return self.local(port)
        first = self.public_hosts[0]
        return f"https://{first}" if self.has_tls else f"http://{first}:{port}"
