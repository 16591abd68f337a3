"""Serving a file to those who may see it: never as anything that a browser would run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from kefu.accounts.models import Agent
from kefu.conversations import filestore
from kefu.conversations.looks import note_look
from kefu.conversations.models import Attachment, FileState
from kefu.conversations.views.people import file_of
from kefu.safety.files.names import true_name

RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
SAFE_HEADERS = {
    # Whoever opens the address itself gets a page that may do nothing.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, max-age=3600",
    "Accept-Ranges": "bytes",
}


class Unsatisfiable(ValueError):
    """The range lies outside the file."""


@dataclass(frozen=True)
class Span:
    start: int
    length: int


class Part:
    """A stretch of an open file, which is closed with it."""

    def __init__(self, file: IO[bytes], span: Span) -> None:
        self.file = file
        self.left = span.length
        file.seek(span.start)

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()


@require_safe
def content(request: HttpRequest, key: str) -> HttpResponseBase:
    """The file itself: a picture in the page, anything else to download. A player may ask for a stretch of it."""
    attachment = _ready(request, key)
    span = Span(0, attachment.size)
    status = 200
    headers = dict(SAFE_HEADERS)
    try:
        asked = _asked(request.headers.get("Range", ""), attachment.size)
    except Unsatisfiable:
        return HttpResponse(
            status=416, headers=SAFE_HEADERS | {"Content-Range": f"bytes */{attachment.size}"}
        )
    if asked is not None:
        span, status = asked, 206
        headers["Content-Range"] = f"bytes {span.start}-{span.start + span.length - 1}/{attachment.size}"
    name = true_name(str(attachment.name), attachment.content_type)
    headers["Content-Disposition"] = (
        content_disposition_header(not attachment.is_picture, name) or "attachment"
    )
    return _answer(attachment, span, attachment.content_type, status, headers)


@require_safe
def small(request: HttpRequest, key: str) -> HttpResponseBase:
    """A picture as lists and threads show it."""
    attachment = _ready(request, key)
    if not attachment.is_picture:
        raise Http404
    try:
        with filestore.open_kept(key, small=True) as file:
            return HttpResponse(file.read(), content_type="image/webp", headers=SAFE_HEADERS)
    except FileNotFoundError:
        raise Http404 from None


def _ready(request: HttpRequest, key: str) -> Attachment:
    found = file_of(request, key)
    if found is None or found[0].state != FileState.READY:
        raise Http404
    attachment, who = found
    if isinstance(who, Agent):
        note_look(who, attachment.conversation)
    return attachment


def _answer(
    attachment: Attachment, span: Span, content_type: str, status: int, headers: dict[str, str]
) -> HttpResponseBase:
    try:
        file = filestore.open_kept(attachment.key)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(Part(file, span), content_type=content_type, status=status)
    for name, value in headers.items():
        response.headers[name] = value
    response.headers["Content-Length"] = str(span.length)
    return response


def _asked(header: str, size: int) -> Span | None:
    """The one stretch that is asked for (RFC 9110, 14.2); None for all, and for what we don't understand."""
    match = RANGE.fullmatch(header.strip())
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        length = min(int(match[2]), size)
        start = size - length
    else:
        start = int(match[1])
        length = min(int(match[2]) if match[2] else size - 1, size - 1) - start + 1
    if length <= 0 or start >= size:
        raise Unsatisfiable
    return Span(start, length)
