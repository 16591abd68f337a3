"""A window of a browser, without the browser: one connection for all it reads, as `conversations/socket.js` keeps it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import time
from collections.abc import Sequence
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin

from tests.faults import requests
from tests.faults.reading import Frame, Reading
from tests.protocol import note

# As in socket.js, in seconds.
HELLO_WITHIN, PING_AFTER, ANSWER_WITHIN = 10.0, 20.0, 8.0
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
GOING_AWAY, LOST, FINAL = 1012, 1006, {4001, 4003, 4009}
TICK = 1.0
# What a web process answers that has lost its database, or is about to end.
PASSING = {500, 502, 503, 504}
REF = re.compile(r"\b[A-Z]{2,4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z]\b")
FRAMES_PATH = "/api/v1/frames"


class Client:
    """Comes back by itself, as long as it is open. `wrong` holds what must never happen to anybody.

    `may_see` are the refs of which it may be told, `never` a word that it may not hear.
    """

    def __init__(
        self,
        port: int,
        cookie: str,
        readings: Sequence[Reading],
        chance: random.Random,
        *,
        may_see: set[str],
        never: str = "",
    ) -> None:
        self.port = port
        self.cookie = cookie
        self.readings = readings
        self.chance = chance
        self.may_see = may_see
        self.never = never
        self.says_twice = 0.0
        self.told: list[str] = []
        self.wrong: list[str] = []
        self.socket: ClientConnection | None = None
        self._outgoing: asyncio.Queue[Frame] = asyncio.Queue()
        self._seen: dict[str, int] = {}
        self._posting: set[asyncio.Task[None]] = set()
        self._living: asyncio.Task[None] | None = None

    @property
    def topics(self) -> dict[str, int]:
        """What it listens to, and how far it is there."""
        return {reading.topic: reading.seq for reading in self.readings}

    @property
    def is_done(self) -> bool:
        """All that was written is acknowledged, and it hears what comes."""
        unsent = any(reading.unsent for reading in self.readings)
        return self.socket is not None and not unsent and not self._posting

    def standing(self) -> str:
        """What a run that fails says of it."""
        readings = [
            f"{reading.topic} at {reading.seq} of {reading.expects}, {len(reading.pending)} pending, {reading.unsent}"
            for reading in self.readings
            if reading.unsent or reading.pending
        ]
        return (
            f"online {self.socket is not None}, {len(self._posting)} posting, wrong {self.wrong}, {readings}"
        )

    def open(self) -> None:
        """The window is opened, or opened again with what it had."""
        if self._living is None:
            self._living = asyncio.create_task(self._live())
            self._living.add_done_callback(self._note_end)

    async def close(self) -> None:
        """The window is closed; what it has, and has not sent yet, is kept."""
        if self._living is not None:
            self._living.cancel()
            await asyncio.gather(self._living, return_exceptions=True)
            self._living = None

    async def end(self) -> None:
        await self.close()
        await asyncio.gather(*self._posting, return_exceptions=True)

    def act(self, reading: Reading, frame: Frame) -> None:
        """What the person does in front of it: write, or send again."""
        self._ask(reading, reading.take(frame, _now()))

    def send(self, frame: Frame) -> None:
        if self.socket is not None:
            self._outgoing.put_nowait(frame)

    async def request(self, method: str, path: str, body: Any = None) -> dict[str, Any] | None:
        """The JSON answer; None when there was none, as may happen while things break."""
        csrf = "c" * 32
        headers = {
            "Cookie": f"{self.cookie}; kefu_csrf={csrf}",
            "X-CSRFToken": csrf,
            "Origin": f"http://localhost:{self.port}",
        }
        try:
            answer = await requests.ask(self.port, method, path, headers, body)
        except (TimeoutError, OSError):
            return None
        if answer.status in PASSING:
            return None
        if answer.status != 200:
            self.wrong.append(f"{method} {path}: {answer.status} {answer.body[:80]!r}")
            return None
        self._look_at(answer.body.decode())
        return answer.json()

    def _note_end(self, living: asyncio.Task[None]) -> None:
        if not living.cancelled() and (problem := living.exception()) is not None:
            self.wrong.append(f"the client broke: {problem!r}")

    async def _live(self) -> None:
        attempt = 0
        while True:
            attempt += 1
            had_hello, code = await self._converse()
            if code in FINAL:
                self.wrong.append(f"closed for good with {code}")
                return
            attempt = 0 if had_hello else attempt
            longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempt, 10))
            at_least = 2 * FIRST_WAIT if code == GOING_AWAY else 0.0
            await asyncio.sleep(at_least + longest * (0.5 + self.chance.random() / 2))

    async def _converse(self) -> tuple[bool, int]:
        """One socket from beginning to end: whether the server said hello, and the close code."""
        socket: ClientConnection | None = None
        had_hello, code = False, LOST
        try:
            async with asyncio.timeout(HELLO_WITHIN):
                socket = await self._connect()
                await socket.send(json.dumps(self._hello()))
                greeting = json.loads(await socket.recv())
            if greeting["type"] == "hello":
                had_hello = True
                await self._listen(socket, greeting)
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else LOST
        except (TimeoutError, OSError, WebSocketException):
            code = LOST
        finally:
            self.socket = None
            if socket is not None:
                socket.transport.abort()
            if had_hello:
                self._dispatch({"type": "closed"})
        return had_hello, code

    async def _connect(self) -> ClientConnection:
        return await connect(
            f"ws://localhost:{self.port}/ws/v1",
            additional_headers={"Cookie": self.cookie},
            origin=Origin(f"http://localhost:{self.port}"),
            ping_interval=None,
            compression=None,
            proxy=None,
            max_size=None,
        )

    def _hello(self) -> Frame:
        watch = [{"topic": topic, "after": after} for topic, after in self.topics.items()]
        return {"type": "hello", "protocol": 1, "watch": watch, "token": None}

    async def _listen(self, socket: ClientConnection, greeting: Frame) -> None:
        self._outgoing, self.socket = asyncio.Queue(), socket
        beside = [asyncio.create_task(self._write(socket)), asyncio.create_task(self._tick())]
        try:
            self._dispatch(greeting)
            while True:
                raw = str(await self._next(socket))
                self._look_at(raw)
                self._dispatch(json.loads(raw))
        finally:
            for task in beside:
                task.cancel()
            for outcome in await asyncio.gather(*beside, return_exceptions=True):
                if isinstance(outcome, Exception) and not isinstance(outcome, ConnectionClosed):
                    self.wrong.append(f"the client broke: {outcome!r}")

    async def _next(self, socket: ClientConnection) -> str | bytes:
        """The next frame; a line on which a ping is not answered is given up."""
        with contextlib.suppress(asyncio.TimeoutError):
            async with asyncio.timeout(PING_AFTER):
                return await socket.recv()
        await socket.send('{"type": "ping"}')
        async with asyncio.timeout(ANSWER_WITHIN):
            return await socket.recv()

    async def _write(self, socket: ClientConnection) -> None:
        while True:
            await socket.send(json.dumps(await self._outgoing.get()))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._dispatch({"type": "tick"})
            for reading in self.readings:
                self._see(reading)

    def _see(self, reading: Reading) -> None:
        heard = reading.last_heard
        if heard > self._seen.get(reading.ref, 0):
            self._seen[reading.ref] = heard
            self.send({"type": "seen", "ref": reading.ref, "delivered": heard, "seen": heard})

    def _dispatch(self, frame: Frame) -> None:
        if frame["type"] == "error":
            self._note_error(frame)
        if "topic" in frame and frame["topic"] not in self.topics:
            self.wrong.append(f"told of {frame['topic']}")
        for reading in self.readings:
            self._ask(reading, reading.take(frame, _now()))

    def _note_error(self, frame: Frame) -> None:
        self.told.append(frame["code"])
        # What is about no message may only be told to come again.
        if frame["client_id"] is None and frame["code"] != "busy":
            self.wrong.append(f"told {frame['code']}")

    def _ask(self, reading: Reading, asks: Sequence[Frame]) -> None:
        for frame in asks:
            self.send(frame)
            is_twice = frame["type"] == "say" and self.chance.random() < self.says_twice
            if is_twice and reading.seq >= 0:
                task = asyncio.create_task(self._post(reading, frame))
                self._posting.add(task)
                task.add_done_callback(self._posting.discard)

    async def _post(self, reading: Reading, frame: Frame) -> None:
        """The same on the other road."""
        watch = [{"topic": reading.topic, "after": reading.seq}]
        body = {"protocol": 1, "watch": watch, "token": None, "frames": [frame], "wait": 0}
        answer = await self.request("POST", FRAMES_PATH, body)
        if answer is None:
            return
        note(json.dumps(body), "FramesRequest")
        note(json.dumps(answer), "FramesAnswer")
        if answer["close"] in FINAL:
            self.wrong.append(f"refused for good with {answer['close']} by plain requests")
        for told in answer["frames"]:
            if told["type"] != "hello":
                self._dispatch(told)

    def _look_at(self, raw: str) -> None:
        """Whatever it is told, by any road: nothing of others, and no word that is not for it."""
        if foreign := set(REF.findall(raw)) - self.may_see:
            self.wrong.append(f"told of {sorted(foreign)}")
        if self.never and self.never in raw:
            self.wrong.append(f"heard what it may not: {raw[:200]}")


def _now() -> float:
    """Milliseconds, as the browser counts them."""
    return time.monotonic() * 1000
