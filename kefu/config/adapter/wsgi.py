"""One call of Django in its thread, and what it answered: a whole body, a file, or chunks to come."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterable, Iterator
from contextvars import Context
from dataclasses import dataclass
from datetime import tzinfo
from typing import IO, Any

from django.core.signals import request_finished
from django.utils import timezone, translation

from kefu.config.adapter.asgi_types import Headers
from kefu.config.adapter.threads import Threads

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
NO_CONTENT = {204, 304}


class FileWrapper:
    """What a FileResponse becomes (PEP 3333): a file that we read as the client takes it."""

    def __init__(self, file: IO[bytes], block_size: int = 8192) -> None:
        self.file = file
        self.block_size = block_size

    def close(self) -> None:
        # Django puts the response's own close() here.
        self.file.close()


@dataclass
class Answer:
    """The head, and a body in one of three forms; a file or chunks stay open until they are ended."""

    status: int
    headers: Headers
    context: Context
    language: str | None
    zone: tzinfo
    body: bytes = b""
    file: IO[bytes] | None = None
    chunks: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None

    @property
    def is_whole(self) -> bool:
        return self.file is None and self.chunks is None

    def move_here(self) -> None:
        """On the thread that goes on with it: asgiref lets no thread see the language set by another."""
        if self.language is None:
            translation.deactivate_all()
        else:
            translation.activate(self.language)
        timezone.activate(self.zone)

    def end_on(self, thread: Threads) -> None:
        """Close the response in the context of its view, after whatever that thread still does for it."""
        if self.close is not None:
            thread.forget(self.close, context=self.context)
            self.close = None


def call(application: Application, environ: dict[str, Any]) -> Answer:
    """Run the view to its end; only a stream is left for later."""
    head: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> None:
        head[:] = [(status, headers)]

    try:
        result = application(environ, start_response)
    except BaseException:
        # No response will say so, and without it a broken connection to the database stays.
        request_finished.send(sender=type(application))
        raise
    status, headers = head[0]
    answer = Answer(
        status=int(status[:3]),
        headers=[(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        context=contextvars.copy_context(),
        language=translation.get_language(),
        zone=timezone.get_current_timezone(),
        close=getattr(result, "close", None),
    )
    return _with_body(answer, result, is_head=environ["REQUEST_METHOD"] == "HEAD")


def _with_body(answer: Answer, result: Iterable[bytes], *, is_head: bool) -> Answer:
    has_body = not is_head and answer.status not in NO_CONTENT
    is_stream = isinstance(result, FileWrapper) or getattr(result, "streaming", False)
    if is_stream and not has_body:
        _close(answer)
    elif isinstance(result, FileWrapper):
        answer.file = result.file
    elif is_stream:
        answer.chunks = iter(result)
    else:
        _read(answer, result, has_body=has_body)
    if answer.status in NO_CONTENT:
        answer.headers = [(name, value) for name, value in answer.headers if name != b"content-length"]
    return answer


def _read(answer: Answer, result: Iterable[bytes], *, has_body: bool) -> None:
    try:
        body = b"".join(result)
    finally:
        _close(answer)
    if has_body:
        answer.body = body
    if all(name != b"content-length" for name, _ in answer.headers):
        answer.headers.append((b"content-length", str(len(body)).encode()))


def _close(answer: Answer) -> None:
    if answer.close is not None:
        answer.close()
        answer.close = None
