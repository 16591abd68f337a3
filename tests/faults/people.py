"""People over the network without a browser: the real addresses, cookies and sockets."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.product import Product

numbers = itertools.count(1)


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
            url, additional_headers={"Cookie": self.cookies}, origin=self.product.url, ping_interval=None
        )  # type: ignore[arg-type]


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
    """A socket that listens to one topic, comes back when it is lost, and keeps what it was told."""

    def __init__(self, person: Person, topic: str) -> None:
        self.person = person
        self.topic = topic
        self.seq = -1
        self.texts: dict[int, str] = {}
        self.acked: set[str] = set()
        self.unsent: dict[str, dict[str, Any]] = {}
        self.socket: ClientConnection | None = None
        self.task = asyncio.create_task(self._live())
        self.news = asyncio.Event()

    async def _live(self) -> None:
        while True:
            with contextlib.suppress(OSError, WebSocketException, asyncio.TimeoutError):
                async with self.person.connect() as socket:
                    watch = [{"topic": self.topic, "after": self.seq}]
                    await socket.send(json.dumps({"type": "hello", "protocol": 1, "watch": watch}))
                    for frame in list(self.unsent.values()):
                        await socket.send(json.dumps(frame))
                    self.socket = socket
                    async for raw in socket:
                        self._hear(json.loads(raw))
            self.socket = None
            await asyncio.sleep(0.2)

    def _hear(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "resync":
            self.seq = frame["snapshot"]["seq"]
            self._keep(frame["snapshot"]["events"])
        elif frame["type"] == "events" and frame["topic"] == self.topic:
            self._keep(frame["events"])
            self.seq = max(self.seq, frame["events"][-1]["seq"])
        elif frame["type"] == "ack":
            self.acked.add(frame["client_id"])
            self.unsent.pop(frame["client_id"], None)
        elif frame["type"] == "error" and frame.get("client_id") in self.unsent:
            asyncio.get_running_loop().call_later(0.5, self._again, frame["client_id"])
        self.news.set()

    def _keep(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            if event["kind"] == "message":
                self.texts[event["message"]["id"]] = event["message"]["text"]

    def _again(self, name: str) -> None:
        if self.socket is not None and name in self.unsent:
            self.sending = asyncio.ensure_future(self._send(self.unsent[name]))

    async def say(self, ref: str, text: str) -> str:
        frame = {"type": "say", "ref": ref, "client_id": client_id(), "text": text}
        self.unsent[frame["client_id"]] = frame
        await self._send(frame)
        return str(frame["client_id"])

    async def _send(self, frame: dict[str, Any]) -> None:
        if self.socket is not None:
            with contextlib.suppress(WebSocketException):
                await self.socket.send(json.dumps(frame))

    async def until(self, condition: Any, seconds: float) -> None:
        """Wait for a condition, looking again at each frame."""
        async with asyncio.timeout(seconds):
            while not condition():
                self.news.clear()
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self.news.wait(), 0.5)

    async def end(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
