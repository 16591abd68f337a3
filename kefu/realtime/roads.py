"""The protocol where sockets are blocked: the same frames over plain HTTPS, by long polls or as server-sent events.

Behind both runs the socket's own handler, so that all roads say the same. Nothing is kept between two requests: each
begins with a hello that says what the client has.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec

from kefu.realtime import socket
from kefu.realtime.connection import GOING_AWAY, TRY_LATER
from kefu.realtime.frames import LARGEST, UNREADABLE, Cursor, error
from kefu.realtime.shapes import ErrorCode
from kefu.realtime.socket import MOST_TOPICS

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
# Shorter than the patience of any proxy that we know.
LONGEST_WAIT = 25.0
# A stream is begun anew after so long, so that a server that goes away waits for none.
STREAMS_FOR = 300.0
# A comment in between proves to both ends, and to proxies, that the other is there.
BREATHES_EVERY = 15.0
READ_WITHIN = 20.0
ANSWERED_WITHIN = 30.0
MOST_FRAMES = MOST_IN_HELLO = 50
LARGEST_REQUEST = 4 * LARGEST
# What is no news by itself: a poll that has heard nothing else goes on waiting.
NO_NEWS = {"hello", "pong", "counts"}
STREAM = "text/event-stream"
_last = msgspec.json.encode({"type": "ping"})


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hello, what the client has to say, and for how many seconds it waits for news."""

    protocol: int
    watch: Annotated[list[Cursor], msgspec.Meta(max_length=MOST_TOPICS)] = []
    token: Annotated[str, msgspec.Meta(max_length=128)] | None = None
    frames: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=MOST_FRAMES)] = []
    wait: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_WAIT)] = LONGEST_WAIT

    def greeting(self) -> list[bytes]:
        """As on a socket: what a hello has no room for follows it."""
        watch = [{"topic": one.topic, "after": one.after} for one in self.watch]
        said = {
            "type": "hello",
            "protocol": self.protocol,
            "watch": watch[:MOST_IN_HELLO],
            "token": self.token,
        }
        return [
            msgspec.json.encode(one)
            for one in (said, *({"type": "watch"} | one for one in watch[MOST_IN_HELLO:]))
        ]


class Refused(ValueError):
    """The request can't be answered: an HTTP status and a closed code."""

    def __init__(self, status: int, code: ErrorCode) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class Line:
    """A socket without a network: what the request says goes in, what the handler says comes out."""

    def __init__(self, scope: dict[str, Any], asked: Asked) -> None:
        self.close_code: int | None = None
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._inbox.put_nowait({"type": "websocket.connect"})
        self.unanswered = 1 + sum(_is_ping(frame) for frame in asked.frames)
        for frame in (*asked.greeting(), *map(bytes, asked.frames), _last):
            self._inbox.put_nowait(_received(frame))
        self._serving = asyncio.create_task(
            socket.serve({**scope, "type": "websocket"}, self._inbox.get, self._take)
        )

    async def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send":
            self._outbox.put_nowait(message["text"].encode())
        elif message["type"] == "websocket.close":
            self.close_code = message.get("code", TRY_LATER)
            self._outbox.put_nowait(None)
            self._inbox.put_nowait({"type": "websocket.disconnect", "code": self.close_code})

    async def next(self, seconds: float) -> bytes | None:
        """The next frame; None when there is none within the seconds, or when the handler has closed."""
        if self.close_code is not None and self._outbox.empty():
            return None
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self._outbox.get(), seconds)
        return None

    def waiting(self) -> list[bytes]:
        """What has come meanwhile."""
        found = []
        while not self._outbox.empty():
            frame = self._outbox.get_nowait()
            if frame is not None:
                found.append(frame)
        return found

    async def end(self) -> None:
        self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1000})
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(self._serving, READ_WITHIN)


async def serve(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """One POST with a JSON body; the router has looked whether it comes from our pages."""
    try:
        asked = await _read(scope, receive)
    except Refused as refusal:
        await _answer(send, refusal.status, error(refusal.code))
        return
    line = Line(scope, asked)
    gone = asyncio.ensure_future(_gone(receive))
    try:
        if STREAM in _header(scope, b"accept"):
            await _stream(line, send, gone)
        else:
            await _poll(line, asked, send, gone)
    finally:
        gone.cancel()
        await line.end()


async def _poll(line: Line, asked: Asked, send: Send, gone: asyncio.Future[None]) -> None:
    heard, is_answered, has_news = [], False, False
    until = asyncio.get_running_loop().time() + ANSWERED_WITHIN
    while line.close_code is None and not gone.done():
        left = until - asyncio.get_running_loop().time()
        frame = await _either(line.next(max(left, 0)), gone)
        if frame is None:
            break
        type_ = _type_of(frame)
        has_news = has_news or _is_news(frame, asked)
        heard.append(frame)
        line.unanswered -= type_ == "pong"
        if not line.unanswered and not is_answered:
            # All that was asked is answered; from here on it waits for news as long as the client wishes.
            is_answered, until = True, asyncio.get_running_loop().time() + asked.wait
            heard.pop()
        if is_answered and has_news:
            break
    frames = b",".join([*heard, *line.waiting()])
    close = b"null" if line.close_code is None else str(line.close_code).encode()
    await _answer(send, 200, b'{"frames":[' + frames + b'],"close":' + close + b"}")


async def _stream(line: Line, send: Send, gone: asyncio.Future[None]) -> None:
    headers = [
        (b"content-type", f"{STREAM}; charset=utf-8".encode()),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    until = asyncio.get_running_loop().time() + STREAMS_FOR
    while not gone.done() and line.close_code is None:
        left = until - asyncio.get_running_loop().time()
        if left <= 0:
            line.close_code = GOING_AWAY
            break
        frame = await _either(line.next(min(left, BREATHES_EVERY)), gone)
        if gone.done():
            return
        said = b": \n\n" if frame is None else b"data: " + frame + b"\n\n"
        await send({"type": "http.response.body", "body": said, "more_body": True})
    last = b"".join(b"data: " + frame + b"\n\n" for frame in line.waiting())
    end = f"event: close\ndata: {line.close_code}\n\n".encode()
    await send({"type": "http.response.body", "body": last + end, "more_body": False})


async def _either(frame: Awaitable[bytes | None], gone: asyncio.Future[None]) -> bytes | None:
    """The frame, or None as soon as the client has gone."""
    coming: asyncio.Future[bytes | None] = asyncio.ensure_future(frame)
    both: set[asyncio.Future[Any]] = {coming, gone}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    if coming.done():
        return coming.result()
    coming.cancel()
    return None


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _read(scope: dict[str, Any], receive: Receive) -> Asked:
    if not _header(scope, b"content-type").startswith("application/json"):
        raise Refused(415, "malformed")
    try:
        body = await asyncio.wait_for(_body(receive), READ_WITHIN)
    except TimeoutError:
        raise Refused(408, "malformed") from None
    try:
        return msgspec.json.decode(body, type=Asked)
    except UNREADABLE:
        raise Refused(400, "malformed") from None


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "malformed")
        body += message.get("body", b"")
        if len(body) > LARGEST_REQUEST:
            raise Refused(413, "too_large")
        if not message.get("more_body"):
            return bytes(body)


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _received(frame: bytes) -> dict[str, Any]:
    """As the socket's own server would give it."""
    try:
        return {"type": "websocket.receive", "text": frame.decode()}
    except UnicodeDecodeError:
        return {"type": "websocket.receive", "bytes": frame}


def _is_ping(frame: msgspec.Raw) -> bool:
    try:
        said = msgspec.json.decode(frame)
    except UNREADABLE:
        return False
    return isinstance(said, dict) and said.get("type") == "ping"


def _is_news(frame: bytes, asked: Asked) -> bool:
    """What the client has by its own word is none: a desk is told of late rows again, to be sure."""
    type_ = _type_of(frame)
    if type_ != "events":
        return type_ not in NO_NEWS
    said = msgspec.json.decode(frame)
    has = {one.topic: one.after for one in asked.watch}.get(said["topic"], -1)
    return any(event["seq"] > has for event in said["events"])


def _type_of(frame: bytes) -> str:
    # Frames are of our own making, and begin with their type.
    return frame[9 : frame.index(b'"', 9)].decode()


def _header(scope: dict[str, Any], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
