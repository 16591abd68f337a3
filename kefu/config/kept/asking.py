"""What a request asks for, as far as the page cache has to know."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from django.conf import settings

from kefu.config.adapter.asgi_types import Scope
from kefu.config.kept.answers import PLAIN
from kefu.ui.kept_pages import asked_names
from kefu.ui.middleware import ZONE_COOKIE

# Whoever has one of these sees pages of their own, or may: staff who are signed in, and who chose a zone.
OF_THEIR_OWN = (f"{settings.SESSION_COOKIE_NAME}=".encode(), f"{ZONE_COOKIE}=".encode())
# A body or a token makes it more than a question for a page.
MORE_THAN_A_PAGE = {b"authorization", b"content-length", b"transfer-encoding", b"range", b"expect"}
LONGEST_QUERY = 512
GZIP, BROTLI = "gzip", "br"


@dataclass(slots=True)
class Asked:
    """`host` is as it was given: it is looked up, and never in a key or in a page."""

    host: bytes
    encoding: str
    has: bytes


def asked_by(scope: Scope) -> Asked | None:
    """None if the page cache has nothing to say to it."""
    host = has = encodings = b""
    for name, value in scope["headers"]:
        if name == b"host":
            if host:
                return None
            host = value
        elif name == b"accept-encoding":
            encodings = encodings + b"," + value if encodings else value
        elif name == b"if-none-match":
            has = has + b"," + value if has else value
        elif name == b"cookie":
            if any(cookie in value for cookie in OF_THEIR_OWN):
                return None
        elif name in MORE_THAN_A_PAGE:
            return None
    return Asked(host, encoding_for(encodings), has)


@lru_cache(512)
def encoding_for(accepted: bytes) -> str:
    """The best of ours that a client takes (RFC 9110, section 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accepted.decode("latin-1").lower().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip()] = _weight(parameters)
    everything = weights.get("*", 0.0)
    found = max((BROTLI, GZIP), key=lambda name: weights.get(name, everything))
    return found if weights.get(found, everything) > 0 else PLAIN


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def query_of(raw: bytes) -> tuple[tuple[str, str], ...] | None:
    """What of the query any page may see, in the order given; None if it is too long to be read twice."""
    if not raw:
        return ()
    if len(raw) > LONGEST_QUERY:
        return None
    pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True, errors="replace")
    return tuple(pair for pair in pairs if pair[0] in asked_names)


def already_has(given: bytes, tag: bytes) -> bool:
    """Whether `If-None-Match` names this one, that of the encoding chosen; weakly (RFC 9110, 13.1.2)."""
    if given == tag:
        return True
    return any(one.strip().removeprefix(b"W/") == tag or one.strip() == b"*" for one in given.split(b","))
