"""Where each thing that comes in goes: sockets, health, static files, and all else to Django."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from kefu.config.adapter.asgi_types import Receive, Scope, Send
from kefu.config.kept.answers import Answer
from kefu.config.origin import FRAMES_PATH, SOCKET_PATH

Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def nothing_kept(_scope: Scope) -> None:
    return None


@dataclass(frozen=True)
class Router:
    """An ASGI application made of others; `start` and `stop` frame the life of the process.

    `at_once` gives the server an answer that is kept, so that it need not ask the application.
    """

    pages: Application
    static: Callable[[str], Application | None]
    socket: Application
    frames: Application
    metrics: Application
    problems: Callable[[], Awaitable[list[str]]]
    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]
    at_once: Callable[[Scope], Answer | None] = nothing_kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self._open_socket(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _open_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == SOCKET_PATH and comes_from_our_pages(scope):
            await self.socket(scope, receive, send)
        else:
            # Closed before it was accepted, which the client sees as 403.
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == "/healthz":
            await say(send, 200, "ok")
        elif path == "/readyz":
            problems = await self.problems()
            await say(send, 503 if problems else 200, "\n".join(problems) or "ready")
        elif path == "/metrics":
            await self.metrics(scope, receive, send)
        elif path == FRAMES_PATH:
            await self._take_frames(scope, receive, send)
        else:
            await (self.static(path) or self.pages)(scope, receive, send)

    async def _take_frames(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await say(send, 405, "POST")
        elif comes_from_our_pages(scope):
            await self.frames(scope, receive, send)
        else:
            await say(send, 403, "refused")


async def no_page(_scope: Scope, _receive: Receive, send: Send) -> None:
    """What a process for sockets only answers; whoever reads it has the proxy's rules to look at."""
    await say(send, 404, f"Only sockets are served here: {SOCKET_PATH} and {FRAMES_PATH}.")


def no_file(_path: str) -> None:
    return None


async def say(send: Send, status: int, text: str, *more: tuple[bytes, bytes]) -> None:
    body = f"{text}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def comes_from_our_pages(scope: Scope) -> bool:
    """A browser says which page opens the socket; a foreign page would use its visitor's cookies here."""
    if not names_us(scope):
        return False
    origin, host = header(scope, b"origin"), header(scope, b"host").lower()
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == host


def names_us(scope: Scope) -> bool:
    """Whether it asks for a host that this installation answers to."""
    name, _ = split_domain_port(header(scope, b"host").lower())
    return bool(name) and validate_host(name, settings.ALLOWED_HOSTS)


def header(scope: Scope, name: bytes) -> str:
    """The one value of a header; a header that comes twice is nobody's word."""
    values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return values[0] if len(values) == 1 else ""
