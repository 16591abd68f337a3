"""One socket: who is on it, what it listens to, and a bounded queue of what it has not been sent."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from kefu.realtime.people import Credentials, Person

Send = Callable[[dict[str, Any]], Awaitable[None]]
MOST_QUEUED = 256
NOT_SIGNED_IN, LOST_PERMISSION, TOO_SLOW, BAD_HELLO, GOING_AWAY, TRY_LATER = (
    4001,
    4003,
    4008,
    4009,
    1012,
    1013,
)


class Connection:
    """Never drops a frame in silence: when the queue is full the socket is closed, and the client catches up."""

    def __init__(self, send: Send, *, credentials: Credentials) -> None:
        self.credentials = credentials
        self.person: Person | None = None
        self.topics: dict[str, list[bytes] | None] = {}
        self.looking_at: str | None = None
        self.id = secrets.token_hex(8)
        self._send = send
        self._queue: asyncio.Queue[bytes | int] = asyncio.Queue(MOST_QUEUED)
        self._closing: int | None = None

    def put(self, frame: bytes) -> None:
        """Queue a frame; a reader too slow for the queue loses the socket, not the frame."""
        if self._closing is not None:
            return
        try:
            self._queue.put_nowait(frame)
        except asyncio.QueueFull:
            self.close(TOO_SLOW)

    def put_for(self, topic: str, frame: bytes) -> None:
        """Queue a topic's frame, behind the catching up if that is still under way."""
        held = self.topics.get(topic)
        if held is not None:
            held.append(frame)
        elif topic in self.topics:
            self.put(frame)

    def hold(self, topic: str) -> None:
        self.topics[topic] = []

    def release(self, topic: str, caught_up: list[bytes]) -> None:
        """What was missed first, then what came meanwhile."""
        held = self.topics.get(topic)
        if topic not in self.topics:
            return
        self.topics[topic] = None
        for frame in [*caught_up, *(held or [])]:
            self.put(frame)

    def close(self, code: int) -> None:
        """Send nothing more and close with this code."""
        if self._closing is not None:
            return
        self._closing = code
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(code)

    @property
    def is_closing(self) -> bool:
        return self._closing is not None

    async def write(self) -> None:
        """Send what is queued until the socket is closed; runs as the connection's own task."""
        while True:
            item = await self._queue.get()
            if isinstance(item, int):
                await self._send({"type": "websocket.close", "code": item})
                return
            await self._send({"type": "websocket.send", "text": item.decode()})
