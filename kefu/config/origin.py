"""Where people reach this installation, as links and the console say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - recognised, not bound


@dataclass(frozen=True)
class Origin:
    """`host` is the address that Kefu listens on, `public_host` the first of KEFU_HOSTS, or nothing."""

    host: str
    public_host: str
    has_tls: bool

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Origin:
        """From the operator's settings. Whoever allows plain HTTP and names no proxy has nothing that adds TLS."""
        return cls(
            host=values["KEFU_HOST"],
            public_host=next(iter(values["KEFU_HOSTS"]), ""),
            has_tls=bool(values["KEFU_TRUSTED_PROXIES"] or not values["KEFU_INSECURE_HTTP"]),
        )

    def local(self, port: int) -> str:
        """Under which this machine itself reaches it; a name where there is one, since passkeys refuse bare addresses."""
        if self.host in LOOPBACK or self.host in EVERYWHERE:
            return f"http://localhost:{port}"
        return f"http://[{self.host}]:{port}" if ":" in self.host else f"http://{self.host}:{port}"

    def public(self, port: int) -> str:
        """What customers and agents open: the first public host, or the local address without one."""
        if not self.public_host:
            return self.local(port)
        return f"https://{self.public_host}" if self.has_tls else f"http://{self.public_host}:{port}"
