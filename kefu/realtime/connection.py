"""One socket: who is on it, what it listens to, and a bounded queue of what it has not been sent."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from kefu.background.meters import Count
from kefu.realtime.people import Credentials, Person

Send = Callable[[dict[str, Any]], Awaitable[None]]
# Whether a frame is on its way; else it is to be sent in the usual way. A server that has such a thing puts it among the
# extensions of the socket's scope, by this name.
SendAtOnce = Callable[[bytes], bool]
AT_ONCE = "kefu.at_once"
# Whether what has come is taken; else it goes the usual way. A server takes who is to be asked first, by this name.
TakeAtOnce = Callable[[bytes], bool]
HEARD_AT_ONCE = "kefu.heard_at_once"
MOST_QUEUED = 256
GIVES_UP_AFTER = 10.0
NOT_SIGNED_IN, LOST_PERMISSION, TOO_SLOW, BAD_HELLO, GOING_AWAY, TRY_LATER = (
    4001,
    4003,
    4008,
    4009,
    1012,
    1013,
)
SLOW = Count("kefu_slow_sockets", "Sockets that were closed because their readers were too slow.")


class Connection:
    """Never drops a frame in silence: when the queue is full the socket is closed, and the client catches up."""

    def __init__(self, send: Send, *, credentials: Credentials, at_once: SendAtOnce | None = None) -> None:
        self.credentials = credentials
        self.person: Person | None = None
        self.topics: dict[str, list[bytes] | None] = {}
        self.looking_at: str | None = None
        self.id = secrets.token_hex(8)
        self._send = send
        self._send_at_once = at_once or _not_at_once
        self._is_sending = False
        # A list and a future cost a third of the memory of an asyncio.Queue, and there are thousands of sockets.
        self._queue: list[bytes] = []
        self._awaited: asyncio.Future[None] | None = None
        self._closing: int | None = None
        self._is_taking = False
        self._next: asyncio.Future[None] | None = None
        self.give_up: Callable[[], object] | None = None
        """Ends the socket whose reader does not even take the code it is closed with."""

    def put(self, frame: bytes) -> None:
        """Queue a frame; a reader too slow for the queue loses the socket, not the frame."""
        if self._closing is not None:
            return
        if len(self._queue) >= MOST_QUEUED:
            SLOW.add()
            self.close(TOO_SLOW)
            return
        # To wake the task that sends costs more than sending, so it is for what must wait behind something.
        if not self._queue and not self._is_sending and self._send_at_once(frame):
            return
        self._queue.append(frame)
        self._wake()

    def put_for(self, topic: str, frame: bytes) -> None:
        """Queue a topic's frame, behind the catching up if that is still under way."""
        held = self.topics.get(topic)
        if held is not None:
            held.append(frame)
        elif topic in self.topics:
            self.put(frame)

    def has_caught_up(self, topic: str) -> bool:
        """Whether it listens, and nothing of the topic is held back."""
        return self.topics.get(topic, ()) is None

    def take_turn_at_once(self) -> bool:
        """Frames are taken one after the other: whether nothing is under way. Whoever has a turn gives it back."""
        if self._is_taking:
            return False
        self._is_taking = True
        return True

    async def take_turn(self) -> None:
        """Wait until what came before is done with. One may wait."""
        if not self.take_turn_at_once():
            self._next = asyncio.get_running_loop().create_future()
            await self._next

    def give_turn(self) -> None:
        """To the one who waits, so that nobody comes between; else it is free."""
        waiting, self._next = self._next, None
        if waiting is None or waiting.done():
            self._is_taking = False
        else:
            waiting.set_result(None)

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
        self._queue.clear()
        self._finish(code)

    def end(self, code: int) -> None:
        """Close with this code once what is queued has been sent."""
        if self._closing is not None:
            return
        self._finish(code)

    @property
    def is_closing(self) -> bool:
        return self._closing is not None

    async def write(self) -> None:
        """Send what is queued until the socket is closed; runs as the connection's own task."""
        while True:
            self._is_sending = True
            while self._queue:
                await self._send({"type": "websocket.send", "text": self._queue.pop(0).decode()})
            self._is_sending = False
            if self._closing is not None:
                await self._send({"type": "websocket.close", "code": self._closing})
                return
            self._awaited = asyncio.get_running_loop().create_future()
            await self._awaited

    def _finish(self, code: int) -> None:
        self._closing = code
        self._wake()
        if self.give_up is not None:
            asyncio.get_running_loop().call_later(GIVES_UP_AFTER, self._give_up)

    def _give_up(self) -> None:
        if self.give_up is not None:
            self.give_up()

    def _wake(self) -> None:
        if self._awaited is not None:
            if not self._awaited.done():
                self._awaited.set_result(None)
            self._awaited = None


def _not_at_once(_: bytes) -> bool:
    """For a server that has only ASGI's own way."""
    return False
