"""A client of the socket for tests: the real handler, without a network between."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
from collections.abc import Sequence
from typing import Any

from kefu.journal.models import Entry
from kefu.realtime import hub as hub_module
from kefu.realtime import leases, rights, socket, topics
from kefu.realtime.socket import serve
from tests.protocol import check_said, note_told

DEADLINE = 5


class Client:
    """Speaks frames; `told` is everything heard, oldest first."""

    def __init__(
        self, cookies: dict[str, str] | None = None, *, token: str | None = None, host: str = "testserver"
    ) -> None:
        jar = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        self.scope = {
            "type": "websocket",
            "path": "/ws/v1",
            "headers": [(b"host", host.encode()), (b"cookie", jar.encode())],
        }
        self.token = token
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.told: list[dict[str, Any]] = []
        self.closed: int | None = None
        self.news = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Client:
        self.inbox.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(serve(self.scope, self.inbox.get, self._hear))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.inbox.put_nowait({"type": "websocket.disconnect", "code": 1000})
        assert self.task is not None
        await asyncio.wait_for(self.task, DEADLINE)

    async def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send":
            note_told(message["text"])
            self.told.append(json.loads(message["text"]))
        elif message["type"] == "websocket.close":
            self.closed = message["code"]
        self.news.set()

    def say(self, type_: str, **fields: Any) -> None:
        said = {"type": type_, **fields}
        check_said(said)
        self.raw(json.dumps(said))

    def wrong(self, type_: str, **fields: Any) -> None:
        """Say what the protocol does not know, on purpose."""
        self.raw(json.dumps({"type": type_, **fields}))

    def raw(self, text: str | bytes) -> None:
        self.inbox.put_nowait(
            {"type": "websocket.receive", "text" if isinstance(text, str) else "bytes": text}
        )

    async def hear(self, type_: str, **having: Any) -> dict[str, Any]:
        """The next frame of this type that has these values; what came before it is left in `told`."""
        for _ in range(500):
            for place, told in enumerate(self.told):
                if told["type"] == type_ and all(told.get(key) == value for key, value in having.items()):
                    return self.told.pop(place)
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), DEADLINE)
        raise AssertionError(type_)

    async def hear_close(self) -> int:
        for _ in range(500):
            if self.closed is not None:
                return self.closed
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), DEADLINE)
        raise AssertionError("not closed")

    async def hello(self, *watch: tuple[str, int]) -> dict[str, Any]:
        self.greet(*watch)
        return await self.hear("hello")

    def greet(self, *watch: tuple[str, int]) -> None:
        cursors = [{"topic": topic, "after": after} for topic, after in watch]
        self.say("hello", protocol=1, watch=cursors, token=self.token)


def outgoing_of(entries: Sequence[Entry], listened: topics.Listened) -> list[topics.Outgoing]:
    """Every frame that these entries mean to whoever listens, as the hub has them sent."""
    outgoing, left = topics.ready(entries, listened)
    return [*outgoing, *topics.render(left, listened)]


def told(coroutine_function):
    """Run a coroutine test, with its fixtures; pytest itself stays synchronous."""

    @functools.wraps(coroutine_function)
    def test(**fixtures):
        asyncio.run(asyncio.wait_for(coroutine_function(**fixtures), 30))

    return test


@contextlib.asynccontextmanager
async def a_process():
    """A hub of its own with the journal followed by hand: `await deliver()` passes on what was recorded since."""
    hub = hub_module.Hub()
    cursor = await hub.database(_last)
    modules = [hub_module, socket, leases, rights, *_users_of_the_hub()]
    before = [module.hub for module in modules]
    for module in modules:
        module.hub = hub

    async def deliver() -> None:
        nonlocal cursor
        entries = await hub.database(lambda: list(Entry.objects.filter(pk__gt=cursor).order_by("pk")))
        if entries:
            cursor = entries[-1].pk
            await hub.deliver(entries)

    hub.deliver_new = deliver  # type: ignore[attr-defined]
    try:
        yield hub
    finally:
        hub.close()
        hub.database._pool.shutdown(wait=True)
        for module, old in zip(modules, before, strict=True):
            module.hub = old
        leases.onlookers.ends.clear()


def _users_of_the_hub() -> list[Any]:
    from kefu.conversations import ahead, socket_verbs

    return [ahead, socket_verbs]


def _last() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
