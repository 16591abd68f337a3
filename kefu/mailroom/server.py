"""Where the mail server is, as the operator writes it in one address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Security(StrEnum):
    PLAIN = "plain"
    """Only to a server on this very machine."""
    STARTTLS = "starttls"
    TLS = "tls"


PORTS = {Security.PLAIN: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""


def mail_server(url: str) -> MailServer:
    """``smtp://user:password@host:587`` begins in plain text and must turn to TLS; ``smtps://`` is TLS from the first byte.

    To this machine itself ``smtp://`` stays plain. Raises ValueError with a sentence for the operator.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("must be an address such as smtp://user:password@mail.example.com:587")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("needs both a user and a password, or neither")
    security = _security(parts.scheme, parts.hostname)
    return MailServer(
        host=parts.hostname,
        port=parts.port or PORTS[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _security(scheme: str, host: str) -> Security:
    if scheme == "smtps":
        return Security.TLS
    return Security.PLAIN if host in LOOPBACK else Security.STARTTLS
