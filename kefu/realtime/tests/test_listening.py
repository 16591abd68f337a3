"""Somebody asks for a topic while something happens in it: it is held back until it is known whether they may hear it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from kefu.journal.actor import agent_actor, customer_actor
from kefu.realtime import socket, topics
from kefu.realtime.connection import LOST_PERMISSION, Connection
from kefu.realtime.hub import hub
from kefu.realtime.people import Credentials, Person
from kefu.realtime.topics import TopicKind

TOPIC = "test/1"
MALLORY = Person(agent_actor(7), "Mallory", object())


class Line:
    """A socket's end: what it was told, each frame's own type, and how it was closed."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.connection = Connection(self._send, credentials=Credentials(cookies={}))
        self.connection.person = MALLORY

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.heard.append(str(message["code"]))
        else:
            frame = json.loads(message["text"])
            self.heard.append(frame.get("code", frame["type"]))


def listen(
    monkeypatch: pytest.MonkeyPatch, missed: list[bytes] | None, *, has_listened: bool = False
) -> list[str]:
    """What somebody hears who asks for a topic, when something is told there while it is looked up."""

    async def story() -> list[str]:
        line, loop = Line(), asyncio.get_running_loop()

        def catch_up(*_: object) -> list[bytes] | None:
            told = asyncio.run_coroutine_threadsafe(tell(), loop)
            told.result(10)
            return missed

        async def tell() -> None:
            hub.publish(TOPIC, b'{"type": "news"}')

        kind = TopicKind("test/", lambda *_: False, catch_up, lambda *_: [])
        monkeypatch.setattr(topics, "_kinds", [*topics._kinds, kind])
        if has_listened:
            hub.listen(line.connection, TOPIC)
        await socket._listen(line.connection, MALLORY, TOPIC, -1)
        assert list(hub.listeners(TOPIC)) == ([] if missed is None else [line.connection])
        line.connection.end(1000)
        await line.connection.write()
        hub.remove(line.connection)
        return line.heard

    return asyncio.run(asyncio.wait_for(story(), 20))


def test_a_topic_of_the_other_side_is_not_even_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> list[str]:
        line = Line()
        kind = TopicKind("test/", _fails, _fails, _fails)
        monkeypatch.setattr(topics, "_kinds", [*topics._kinds, kind])
        await socket._listen(line.connection, Person(customer_actor(7), "", object()), TOPIC, -1)
        await socket._listen(line.connection, MALLORY, "test/1/customer", -1)
        assert not line.connection.topics
        line.connection.end(1000)
        await line.connection.write()
        return line.heard

    assert asyncio.run(asyncio.wait_for(story(), 20)) == ["not_found", "not_found", "1000"]


def _fails(*_: object) -> Any:
    raise AssertionError("it was looked up")


def test_what_was_missed_comes_first_and_then_what_came_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    assert listen(monkeypatch, [b'{"type": "missed"}']) == ["missed", "news", "1000"]


def test_who_may_not_hear_it_hears_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert listen(monkeypatch, None) == ["not_found", "1000"]


def test_who_may_hear_it_no_more_hears_nothing_and_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert listen(monkeypatch, None, has_listened=True) == [str(LOST_PERMISSION)]


def test_only_agents_are_counted_as_present() -> None:
    people = [
        MALLORY,
        None,
        Person(customer_actor(7), "陈晓", object()),
        Person(agent_actor(9), "林美", object()),
    ]
    lines = [Line().connection for _ in people]
    for connection, person in zip(lines, people, strict=True):
        connection.person = person
        hub.add(connection)
    try:
        assert hub.agents == {7, 9}
    finally:
        for connection in lines:
            hub.remove(connection)
