"""The sockets' way to the database: who asks often is not slowed by asking whether the connection lives."""

from __future__ import annotations

import asyncio
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError

from kefu.journal.models import Entry
from kefu.realtime import database, topics
from kefu.realtime.connection import GOING_AWAY, Connection
from kefu.realtime.database import RESTS_AFTER, THREADS, Busy
from kefu.realtime.hub import PAUSES, Hub
from kefu.realtime.people import Credentials
from kefu.realtime.tests.clients import told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that a connection is looked after."""
    found: list[str] = []
    monkeypatch.setattr(database, "close_old_connections", lambda: found.append("looked"))
    monkeypatch.setattr(database, "_used", type("Used", (), {})())
    return found


def test_after_a_rest_the_connection_is_looked_at_and_else_not(
    looked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    monkeypatch.setattr(database.time, "monotonic", lambda: now[0])

    def seen(after: float) -> int:
        looked.clear()
        now[0] += after
        assert database._run(lambda: "done", ()) == "done"
        return len(looked)

    assert [seen(after) for after in (0, 1, RESTS_AFTER - 1, RESTS_AFTER + 1, 0)] == [1, 0, 0, 1, 0]


@told
async def test_what_the_tail_passes_on_is_drawn_though_each_thread_has_lost_its_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: list[Any] = []

    def render(entries: list[Any], _listened: Any) -> list[str]:
        tries.append(entries)
        if len(tries) <= len(PAUSES):
            raise OperationalError("terminating connection")
        return ["drawn"]

    waited: list[float] = []
    real_sleep = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await real_sleep(0)

    monkeypatch.setattr("kefu.realtime.hub.asyncio.sleep", sleep)
    monkeypatch.setattr(topics, "render", render)
    hub = Hub()
    try:
        assert await hub._rendered([]) == ["drawn"]
        # Soon as often as there are threads, and then as long as a database takes to start again.
        assert all(seconds <= 0.02 for seconds in waited[:THREADS])
        assert sum(waited) > 3
        waited.clear()
        hub._is_leaving = True
        monkeypatch.setattr(topics, "render", lambda *_: _broken())
        with pytest.raises(Busy):
            await hub._rendered([])
        # Who is about to go waits for no database.
        assert sum(waited) < 0.1
    finally:
        hub.close()


@pytest.mark.slow
@told
async def test_what_the_tail_passes_on_comes_through_a_full_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """A herd that comes back at once must not cost those who were here all the time their news."""
    monkeypatch.setattr(topics, "render", lambda *_: ["drawn"])
    hub, door = Hub(), Event()
    waiting = [asyncio.ensure_future(hub.database(door.wait, 20)) for _ in range(database.MOST_WAITING)]
    try:
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await hub.database(door.is_set)
        asyncio.get_running_loop().call_later(0.3, door.set)
        assert await hub._rendered([]) == ["drawn"]
        assert all(await asyncio.gather(*waiting))
    finally:
        door.set()
        hub.close()


@told
async def test_whoever_could_not_be_told_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kefu.realtime.hub.PAUSES", (0.0, 0.0))
    monkeypatch.setattr(topics, "render", lambda *_: _broken())
    hub, closed = Hub(), []

    async def send(message: dict[str, Any]) -> None:
        closed.append(message)

    listening, silent = (Connection(send, credentials=Credentials({}, "", "")) for _ in range(2))
    try:
        for connection in (listening, silent):
            hub.add(connection)
        hub.listen(listening, "conversation:XH-1")
        with pytest.raises(Busy):
            await hub.deliver([Entry(conversation_id=1, seq=1)])
        assert (listening.is_closing, silent.is_closing) == (True, False)
        await listening.write()
    finally:
        hub.close()

    assert closed == [{"type": "websocket.close", "code": GOING_AWAY}]


def _broken() -> None:
    raise OperationalError("the database is away")
