"""Origins: whose pages may show a brand's chat inside them, written as browsers compare them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from kefu.brands.hosts import NotAHost, read_host

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
DEFAULT_PORTS = {"https": 443, "http": 80}
LONGEST = 300
MOST = 50


class NotAnOrigin(ValueError):
    """It has a path, a wildcard or a user, or is plain HTTP from elsewhere than this machine."""


def read_origin(typed: str) -> str:
    """`https://host` with a port if it is not the usual one; `http://` for this machine only. Raises NotAnOrigin."""
    try:
        parts = urlsplit(typed.strip())
        port = parts.port
        host = read_host(parts.hostname or "")
    except (ValueError, NotAHost):
        raise NotAnOrigin from None
    if len(typed) > LONGEST or parts.path not in {"", "/"} or "@" in parts.netloc or set("?#\\") & set(typed):
        raise NotAnOrigin
    if not (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)):
        raise NotAnOrigin
    written = f":{port}" if port is not None and port != DEFAULT_PORTS[parts.scheme] else ""
    return f"{parts.scheme}://{host}{written}"


def check_origins(value: object) -> None:
    """For the model: a list of origins, each once and as `read_origin` writes it. Raises ValidationError."""
    if not isinstance(value, list) or len(value) > MOST or len(set(map(str, value))) != len(value):
        raise ValidationError("A brand has a list of at most 50 origins, each once.", code="origins")
    for one in value:
        try:
            is_written = isinstance(one, str) and read_origin(one) == one
        except NotAnOrigin:
            is_written = False
        if not is_written:
            raise ValidationError(
                f"{one!r} is no origin; write it like https://www.example.com.", code="origin"
            )
