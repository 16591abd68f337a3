"""Where people reach this installation, as links and the console say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
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

    def local(self, port: int) -> str:
        """Under which this machine itself reaches it; a name where there is one, since passkeys refuse bare addresses."""
        if self.host in LOOPBACK or self.host in EVERYWHERE:
            return f"http://localhost:{port}"
        return f"http://[{self.host}]:{port}" if ":" in self.host else f"http://{self.host}:{port}"

    def public(self, port: int) -> str:
        """What customers and agents open: the first public host, or the local address without one."""
        if not self.public_hosts:
            return self.local(port)
        first = self.public_hosts[0]
        return f"https://{first}" if self.has_tls else f"http://{first}:{port}"
