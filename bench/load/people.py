"""Customers and agents as sockets: what each says, and to whom it tells what it hears."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Protocol

from bench.load import frames
from bench.load.frames import Chat
from bench.load.sockets import Greeting, Socket, connect
from bench.servers import Door

GREETED_WITHIN = 180
# Frames that answer the wish to hear a topic: a conversation's snapshot, or the numbers of a list.
ANSWERS = {"resync", "counts"}


class Hearer(Protocol):
    """Who is told what the sockets hear: the talk that is going on."""

    def acked(self, speaker: Speaker, serial: int, at: float) -> None: ...

    def heard(self, serial: int, at: float) -> None: ...

    def told(self, speaker: Speaker, at: float) -> None:
        """A customer was told something that is no answer to what they said."""

    def problem(self, what: str) -> None: ...


class Nobody:
    """Between two talks."""

    def acked(self, speaker: Speaker, serial: int, at: float) -> None:
        """Too late to count."""

    def heard(self, serial: int, at: float) -> None:
        """Too late to count."""

    def told(self, speaker: Speaker, at: float) -> None:
        """Nobody waits for it."""

    def problem(self, what: str) -> None:
        """Who has lost a socket is missed in the next talk."""


class Party:
    """All sockets at one server; they tell one hearer, which changes with each talk."""

    def __init__(self) -> None:
        self.hearer: Hearer = Nobody()


class Speaker:
    """A customer: says one thing at a time, in their own conversation."""

    def __init__(self, party: Party, chat: Chat) -> None:
        self.party = party
        self.chat = chat
        self.socket: Socket | None = None
        self._greeting: Greeting | None = None
        self._closed_with: int | None = None

    async def come(self, door: Door) -> None:
        self.socket = await connect(door.url, self._take, self._lost, door.headers())
        self._greeting = Greeting(1)
        for frame in frames.hello([self.chat.own_topic], self.chat.token):
            self.socket.send(frame)
        await self._greeting.wait(GREETED_WITHIN)
        self._greeting = None

    def leave(self) -> None:
        assert self.socket is not None  # noqa: S101 - it has come
        self.socket.end()

    def say(self, serial: int) -> None:
        assert self.socket is not None  # noqa: S101 - it has come
        if self._closed_with is not None:
            self.party.hearer.problem(
                f"a customer's socket was closed with {self._closed_with} before they spoke"
            )
            return
        self.socket.send(frames.say(self.chat, serial))

    def _take(self, payload: bytes) -> None:
        at = perf_counter()
        frame = frames.read(payload)
        if frame.type == "ack" and frame.client_id:
            self.party.hearer.acked(self, frames.serial_of(frame.client_id), at)
        elif frame.type == "events":
            self.party.hearer.told(self, at)
        elif frame.type == "error":
            self.party.hearer.problem(f"refused: {frame.code}")
        elif self._greeting and frame.type in ANSWERS:
            self._greeting.count()

    def _lost(self, code: int) -> None:
        if self._greeting:
            self._greeting.fail(f"a customer's socket was closed with {code} before it was greeted")
        else:
            self._closed_with = code
            self.party.hearer.problem(f"a customer's socket was closed with {code}")


class Watcher:
    """An agent who listens to topics."""

    def __init__(self, party: Party, topics: Sequence[str], cookies: str) -> None:
        self.party = party
        self.topics = list(topics)
        self.cookies = cookies
        self.socket: Socket | None = None
        self._greeting: Greeting | None = None

    async def come(self, door: Door) -> None:
        self.socket = await connect(door.url, self._take, self._lost, door.headers(self.cookies))
        self._greeting = Greeting(len(self.topics))
        for frame in frames.hello(self.topics):
            self.socket.send(frame)
        await self._greeting.wait(GREETED_WITHIN)
        self._greeting = None

    def leave(self) -> None:
        assert self.socket is not None  # noqa: S101 - it has come
        self.socket.end()

    def _take(self, payload: bytes) -> None:
        at = perf_counter()
        frame = frames.read(payload)
        if frame.type == "events":
            for serial in frames.serials_in(frame.events):
                self.party.hearer.heard(serial, at)
        elif self._greeting and frame.type in ANSWERS:
            self._greeting.count()

    def _lost(self, code: int) -> None:
        if self._greeting:
            self._greeting.fail(f"an agent's socket was closed with {code} before it was greeted")
        else:
            self.party.hearer.problem(f"an agent's socket was closed with {code}")
