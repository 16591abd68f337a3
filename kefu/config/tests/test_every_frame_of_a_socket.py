"""Mallory on each road of the socket's protocol, with each frame of it: refused, told nothing, and nothing changes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings

from kefu.config.tests.mallory.doors import EVERYBODY
from kefu.config.tests.mallory.frames import FRAMES, HEARS, WITHOUT_A_VERB, Said
from kefu.config.tests.mallory.rows import Kept, changed, everything_kept
from kefu.config.tests.mallory.world import MARK, World
from kefu.conversations.models import Participant
from kefu.conversations.tests.story import in_thread
from kefu.journal.looks import LOOKED
from kefu.journal.models import Entry
from kefu.realtime import topics
from kefu.realtime.tests.clients import Client, a_process, told
from kefu.realtime.tests.road import Road
from kefu.realtime.verbs import frame_types

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = {"not_found", "refused"}
SIGNED_OUT = 4001
HOST = {"neighbour at home": "other.example"}


@dataclass
class Heard:
    """What came back, and the code with which the line was closed."""

    frames: list[dict[str, Any]] = field(default_factory=list)
    close: int | None = None

    @property
    def errors(self) -> list[str]:
        return [frame["code"] for frame in self.frames if frame["type"] == "error"]


async def by_socket(cookies: dict[str, str], host: str, topic: str, frame: dict[str, Any]) -> Heard:
    async with Client(cookies, host=host) as client:
        client.greet((topic, -1))
        client.say(frame["type"], **{key: value for key, value in frame.items() if key != "type"})
        client.say("ping")
        while client.closed is None and not any(one["type"] == "pong" for one in client.told):
            client.news.clear()
            await client.news.wait()
        return Heard(client.told, client.closed)


async def by_poll(cookies: dict[str, str], host: str, topic: str, frame: dict[str, Any]) -> Heard:
    road = Road(cookies, host=host)
    answer = await road.ask(watch=[{"topic": topic, "after": -1}], frames=[frame], wait=0)
    return Heard(answer["frames"], answer["close"])


async def by_stream(cookies: dict[str, str], host: str, topic: str, frame: dict[str, Any]) -> Heard:
    road, frames = Road(cookies, accept="text/event-stream", host=host), []
    async for one in road.events(watch=[{"topic": topic, "after": -1}], frames=[frame]):
        if one["type"] == "pong":
            return Heard(frames)
        frames.append(one)
    return Heard(frames, SIGNED_OUT if b"data: 4001" in road.body else 0)


Way = Callable[[dict[str, str], str, str, dict[str, Any]], Awaitable[Heard]]
WAYS: dict[str, Way] = {"socket": by_socket, "poll": by_poll, "stream": by_stream}


@pytest.fixture
def world(settings: Settings) -> World:
    settings.DEMO, settings.ALLOWED_HOSTS = False, ["testserver", "other.example"]
    return World()


def test_each_frame_and_each_topic_that_there_is_is_tried() -> None:
    frames = {frame_type.__struct_config__.tag for frame_type in frame_types()}
    prefixes = {topics.kind_of(prefix).prefix for prefix in ("conversation:", "desk/")}  # type: ignore[union-attr]

    assert frames - {"hello"} == {said.kind for said in FRAMES} | set(WITHOUT_A_VERB)
    assert {kind.prefix for kind in topics._kinds} == prefixes


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@told
async def test_mallory_is_refused_each_frame_and_changes_nothing(world: World, way: str) -> None:
    before = await in_thread(kept_but_looks)
    found = []
    async with a_process():
        for said in FRAMES:
            for who in sorted(EVERYBODY - said.opens_for):
                heard = await speak(world, way, who, said)
                if not is_refused(said, who, heard):
                    found.append(f"{said}: {who} heard {heard}")
    assert not found
    assert changed(before, await in_thread(kept_but_looks)) == []


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@told
async def test_whoever_may_is_heard_with_the_same_frames(world: World, way: str) -> None:
    """Else a frame that nobody understands would be refused Mallory too."""
    found = []
    async with a_process():
        for said in FRAMES:
            for who in sorted(said.opens_for):
                before = await in_thread(kept_of_unread) if said.changes else {}
                heard = await speak(world, way, who, said)
                if heard.errors or heard.close is not None:
                    found.append(f"{said}: {who} heard {heard}")
                if said.changes and not changed(before, await in_thread(everything_kept)):
                    found.append(f"{said}: {who} changed nothing")
    assert not found


def kept_but_looks() -> Kept:
    """An auditor, who may listen, leaves an entry of that look."""
    Entry.objects.filter(kind=LOOKED).delete()
    return everything_kept()


def kept_of_unread() -> Kept:
    """As if nobody had read anything yet: the customer and who holds a link are one in this."""
    Participant.objects.update(delivered_seq=0, seen_seq=0)
    return everything_kept()


async def speak(world: World, way: str, who: str, said: Said) -> Heard:
    cache.clear()
    frame = await in_thread(lambda: said.frame(world))
    cookies, host = world.browsers.cookies_for(who, "case"), HOST.get(who, "testserver")
    return await WAYS[way](cookies, host, said.topic(world), frame)


def is_refused(said: Said, who: str, heard: Heard) -> bool:
    """Closed, or told so of what they wanted to hear and of what they said; an auditor may hear."""
    if heard.close is not None:
        return heard.close == SIGNED_OUT
    hears = who in HEARS[said.topic]
    is_told = not hears and MARK in json.dumps(heard.frames, ensure_ascii=False)
    return set(heard.errors) <= REFUSED and len(heard.errors) == 2 - said.silent - hears and not is_told
