"""A page as it is kept: its bytes in every encoding that pays, each with its head and the head that says it still holds."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import brotli  # type: ignore[import-untyped]

from kefu.config.adapter.asgi_types import Headers

PLAIN = "identity"
# A page is compressed anew each minute that somebody asks for it, so more effort would not pay.
BROTLI_EFFORT, GZIP_EFFORT = 5, 6
# Below this a packet is a packet.
WORTH_COMPRESSING = 600
COMPRESSIBLE = ("text/", "application/json", "application/ld+json", "application/atom+xml", "application/xml")
# Of a page's head these belong to one encoding; all else is the page's own.
OF_ENCODING = {b"content-length", b"content-encoding", b"etag", b"vary"}
# What "it still holds" says again (RFC 9110, 15.4.5); whoever has the page has the rest of its head.
SAID_AGAIN = {b"cache-control", b"content-location", b"expires", b"vary", b"etag"}


@dataclass(frozen=True, slots=True)
class Answer:
    """`line` and `fields` are its head as HTTP/1.1 writes it: the status line, then the headers and the empty line."""

    status: int
    headers: Headers
    body: bytes
    line: bytes
    fields: bytes

    @classmethod
    def of(cls, status: HTTPStatus, headers: Headers, body: bytes = b"") -> Answer:
        line = f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode()
        fields = b"".join(b"%b: %b\r\n" % header for header in headers) + b"\r\n"
        return cls(status.value, headers, body, line, fields)


@dataclass(frozen=True, slots=True)
class Variant:
    """One encoding of a page, ready to be sent: whole, as a head alone, or as "it still holds"."""

    etag: bytes
    whole: Answer
    head: Answer
    still_holds: Answer

    @property
    def size(self) -> int:
        return len(self.whole.body)


@dataclass(frozen=True, slots=True)
class Kept:
    """`until` is a moment of the loop's clock."""

    variants: Mapping[str, Variant]
    until: float

    @property
    def size(self) -> int:
        return sum(variant.size for variant in self.variants.values())

    def in_encoding(self, encoding: str) -> Variant:
        return self.variants.get(encoding) or self.variants[PLAIN]


def kept_of(headers: Headers, body: bytes, *, until: float) -> Kept:
    """All variants of one answer of Django's; compressing takes a millisecond or more, so it belongs on a thread."""
    tag = next(value for name, value in headers if name == b"etag").strip(b'W/"')
    own = [(name, value) for name, value in headers if name not in OF_ENCODING]
    variants = {
        encoding: _variant(own, content, encoding, tag) for encoding, content in _encoded(headers, body)
    }
    return Kept(variants, until)


def _encoded(headers: Headers, body: bytes) -> list[tuple[str, bytes]]:
    found = [(PLAIN, body)]
    kind = next((value.decode("latin-1") for name, value in headers if name == b"content-type"), "")
    if len(body) >= WORTH_COMPRESSING and kind.startswith(COMPRESSIBLE):
        found += [
            ("gzip", gzip.compress(body, GZIP_EFFORT, mtime=0)),
            ("br", brotli.compress(body, quality=BROTLI_EFFORT)),
        ]
    return found


def _variant(own: Headers, body: bytes, encoding: str, tag: bytes) -> Variant:
    # A strong tag is of bytes, so each encoding has its own.
    etag = b'"%b"' % tag if encoding == PLAIN else b'"%b-%b"' % (tag, encoding.encode())
    common = [*own, (b"vary", b"Accept-Encoding"), (b"etag", etag)]
    whole = [*common, (b"content-length", str(len(body)).encode())]
    if encoding != PLAIN:
        whole.append((b"content-encoding", encoding.encode()))
    still = [(name, value) for name, value in common if name in SAID_AGAIN]
    return Variant(
        etag=etag,
        whole=Answer.of(HTTPStatus.OK, whole, body),
        head=Answer.of(HTTPStatus.OK, whole),
        still_holds=Answer.of(HTTPStatus.NOT_MODIFIED, still),
    )
