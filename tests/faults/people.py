"""People over the network without a browser: the real addresses, cookies and sockets."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from tests.product import Product

numbers = itertools.count(1)
# A refusal that says no time is tried again after this many seconds.
SOON = 0.2


def client_id() -> str:
    return f"fault-{next(numbers):08d}"


class Person:
    """Somebody with cookies."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def fetch(self, path: str, data: bytes | None = None, **headers: str) -> str:
        url = path if path.startswith("http") else self.product.url + path
        request = urllib.request.Request(url, data=data, headers={"Origin": self.product.url, **headers})
        with self.opener.open(request, timeout=20) as answer:
            return str(answer.read().decode())

    @property
    def cookies(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def connect(self) -> connect:
        url = self.product.url.replace("http", "ws", 1) + "/ws/v1"
        return connect(
            url,
            additional_headers={"Cookie": self.cookies},
            origin=Origin(self.product.url),
            ping_interval=None,
        )


class Customer(Person):
    """Has opened a conversation."""

    def ask(self, text: str) -> str:
        question = {
            "topic": "account",
            "text": text,
            "client_id": client_id(),
            "language": "zh-hans",
            "zone": "Asia/Shanghai",
        }
        body = json.dumps(question).encode()
        answer = json.loads(self.fetch("/zh-hans/chat/open/", body, **{"Content-Type": "application/json"}))
        return str(answer["snapshot"]["head"]["ref"])


class Agent(Person):
    def sign_in(self, name: str) -> None:
        link = self.product.sign_in_link(name)
        page = self.fetch(link)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page
        self.fetch(link, f"csrfmiddlewaretoken={token.group(1)}".encode())


class Line:
    """A socket that listens to one topic, comes back when it is lost, and keeps what it was told.

    It says one message at a time, in order: the next one when the last is acknowledged. What was not acknowledged
    is said again on the next socket.
    """

    def __init__(self, person: Person, topic: str) -> None:
        self.person = person
        self.topic = topic
        self.seq = -1
        self.spoken_seq = 0
        self.messages: dict[int, dict[str, Any]] = {}
        self.said: list[str] = []
        self.acked: list[str] = []
        self.unsent: dict[str, dict[str, Any]] = {}
        self.flying = ""
        self.refused: list[dict[str, Any]] = []
        self.socket: ClientConnection | None = None
        self.news = asyncio.Event()
        self.filled = asyncio.Event()
        self.task = asyncio.create_task(self._live())

    @property
    def texts(self) -> list[str]:
        """What was said, in the thread's order."""
        return [message["text"] for message in sorted(self.messages.values(), key=_seq)]

    def say(self, ref: str, text: str, visibility: str = "customer") -> str:
        name = client_id()
        self.said.append(name)
        self.unsent[name] = {
            "type": "say",
            "ref": ref,
            "client_id": name,
            "text": text,
            "visibility": visibility,
        }
        self.filled.set()
        return name

    async def until(self, condition: Callable[[], Any], seconds: float) -> None:
        """Wait for a condition, looking again at each frame."""
        async with asyncio.timeout(seconds):
            while not condition():
                if self.task.done():
                    self.task.result()
                self.news.clear()
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self.news.wait(), 0.5)

    async def end(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def _live(self) -> None:
        while True:
            with contextlib.suppress(OSError, WebSocketException, asyncio.TimeoutError):
                async with self.person.connect() as socket:
                    await self._use(socket)
            await asyncio.sleep(SOON)

    async def _use(self, socket: ClientConnection) -> None:
        watch = [{"topic": self.topic, "after": self.seq}]
        await socket.send(json.dumps({"type": "hello", "protocol": 1, "watch": watch}))
        self.socket, answers = socket, asyncio.Queue[float]()
        writing = asyncio.create_task(self._write(socket, answers))
        try:
            async for raw in socket:
                await self._hear(json.loads(raw), socket, answers)
        finally:
            self.socket, self.flying = None, ""
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _write(self, socket: ClientConnection, answers: asyncio.Queue[float]) -> None:
        while True:
            if not self.unsent:
                self.filled.clear()
                await self.filled.wait()
            name, frame = next(iter(self.unsent.items()))
            if "/staff" in self.topic and frame["visibility"] == "customer":
                frame |= {"spoken_seq": self.spoken_seq}
            await socket.send(json.dumps(frame))
            self.flying = name
            self.news.set()
            await asyncio.sleep(await answers.get())

    async def _hear(
        self, frame: dict[str, Any], socket: ClientConnection, answers: asyncio.Queue[float]
    ) -> None:
        match frame["type"]:
            case "resync":
                self.seq = frame["snapshot"]["seq"]
                self.spoken_seq = frame["snapshot"]["head"].get("spoken_seq", 0)
                self._keep(frame["snapshot"]["events"])
            case "events" if frame["topic"] == self.topic and frame["events"][0]["seq"] > self.seq + 1:
                await socket.send(json.dumps({"type": "watch", "topic": self.topic, "after": self.seq}))
            case "events" if frame["topic"] == self.topic:
                self._keep(frame["events"])
                self.seq = max(self.seq, frame["events"][-1]["seq"])
            case "ack" | "error" | "stale" if frame.get("client_id"):
                self._answer(frame, answers)
        self.news.set()

    def _answer(self, frame: dict[str, Any], answers: asyncio.Queue[float]) -> None:
        name, pause = frame["client_id"], 0.0
        if frame["type"] == "ack":
            self.acked.append(name)
            self.unsent.pop(name)
        elif frame["type"] == "stale":
            self.spoken_seq = frame["spoken_seq"]
        elif frame["code"] in {"busy", "too_many"}:
            pause = (frame["retry_after_ms"] or SOON * 1000) / 1000
        else:
            self.refused.append(frame)
            self.unsent.pop(name)
        self.flying = ""
        answers.put_nowait(pause)

    def _keep(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            if event["kind"] == "message":
                self.messages[event["message"]["id"]] = event["message"]


def _seq(message: dict[str, Any]) -> int:
    return int(message["seq"])
