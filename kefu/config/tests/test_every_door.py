"""Mallory at each door of each room, from the policy's own list of verbs: refused, told nothing, and nothing changes."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoDbBlocker, Settings

from kefu.accounts import announcing, policy
from kefu.accounts.models import Customer, Identity
from kefu.accounts.policy import May, Reach, Row
from kefu.config.tests.mallory.doors import EVERYBODY, Door
from kefu.config.tests.mallory.rows import changed, everything_kept
from kefu.config.tests.mallory.table import ALL, ROOMS, TRIED_IN_ITS_ROOM, WITHOUT_A_VERB, views
from kefu.config.tests.mallory.world import MARK, World
from kefu.conversations.models import Conversation, Message, PrivateLink
from tests.filled import filled_once

pytestmark = pytest.mark.django_db

REFUSED = {401, 403, 404}
DONE = {200, 302}
TO_SIGN_IN = re.compile(r"/staff/(sign-in|again)/")
NOBODY = Row(*[Reach.NOWHERE] * 6)
FOR_ANYBODY = EVERYBODY - {"neighbour at home"}


OF_A_HOUSE = {"DEMO": False, "ALLOWED_HOSTS": ["testserver", "other.example"]}


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with override_settings(**OF_A_HOUSE), filled_once(django_db_blocker, World) as made:
        yield made


@pytest.fixture
def world(built: World, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> World:
    settings.DEMO, settings.ALLOWED_HOSTS = OF_A_HOUSE.values()
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    made = deepcopy(built)
    monkeypatch.setattr(announcing, "_ways", [lambda _brand: made.letters_leave])
    return made


def test_each_verb_of_the_policy_has_its_doors() -> None:
    tried = {door.verb for door in ALL}

    assert tried & set(TRIED_IN_ITS_ROOM) == set()
    assert tried | set(TRIED_IN_ITS_ROOM) == set(May)
    assert all(Path(where).is_file() for where in TRIED_IN_ITS_ROOM.values())


def test_each_page_asks_for_a_verb_or_says_why_it_asks_for_none() -> None:
    named = {door.view for door in ALL}

    assert named & set(WITHOUT_A_VERB) == set()
    assert set(views()) == named | set(WITHOUT_A_VERB)


def test_each_way_to_ask_a_page_is_tried(world: World) -> None:
    """A page that takes a new method answers another with a list of them."""
    tried: dict[str, set[str]] = {}
    for door in ALL:
        tried.setdefault(door.view, set()).add(door.method)

    headers = {"Sec-Fetch-Site": "same-origin"}
    taken = {
        door.view: Client().generic("PATCH", address(door, world), headers=headers).headers["Allow"]
        for door in ALL
    }

    assert {view: set(methods.split(", ")) - {"HEAD", "OPTIONS"} for view, methods in taken.items()} == tried


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_mallory_is_refused_at_each_door_and_changes_nothing(world: World, room: str) -> None:
    before, found = everything_kept(), []
    for door in ROOMS[room]:
        with undone():
            for who in sorted(EVERYBODY - door.opens_for):
                answer = knock(world, door, who)
                if not is_refused(door, answer) or is_told(world, door, answer):
                    found.append(f"{door}: {who} got {said(answer)}")
            if touched := changed(before, everything_kept()):
                found.append(f"{door}: somebody changed {touched}")
    assert not found


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_whoever_may_gets_through_the_same_doors(world: World, room: str) -> None:
    """Else a wrong address would refuse Mallory too."""
    before, found = everything_kept(), []
    for door in ROOMS[room]:
        for number, who in enumerate(sorted(door.opens_for)):
            with undone():
                answer = knock(world, door, who)
                if not is_done(world, door, answer):
                    found.append(f"{door}: {who} got {said(answer)}")
                if number == 0 and door.changes and not changed(before, everything_kept()):
                    found.append(f"{door}: {who} changed nothing")
    assert not found


@pytest.mark.slow
def test_where_anybody_may_nobody_is_taken_for_the_customer(world: World) -> None:
    theirs, found = rows_of_customer(world), []
    for door in (door for door in ALL if door.opens_for >= FOR_ANYBODY):
        for who in sorted(door.opens_for - {"customer"}):
            with undone():
                knock(world, door, who)
                if rows_of_customer(world) != theirs:
                    found.append(f"{door}: {who}")
    assert not found


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_each_door_asks_for_the_verb_that_is_written_beside_it(
    world: World, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Conversations to be read are found by a query of their own, for lists; all else is refused without the rule."""
    found = []
    for door in (door for door in ROOMS[room] if door.verb is not May.READ_CONVERSATION):
        monkeypatch.setattr(policy, "RULES", policy.RULES | {door.verb: NOBODY})
        for who in sorted(door.opens_for - door.unasked):
            with undone():
                answer = knock(world, door, who)
                if is_done(world, door, answer) or answer.status_code >= 500:
                    found.append(f"{door}: {who} got {said(answer)}")
    assert not found


def address(door: Door, world: World) -> str:
    return reverse(door.view, args=[attrgetter(name)(world) for name in door.args])


def knock(world: World, door: Door, who: str) -> Any:
    """Ask as they would, from our own pages, and read the answer to its end."""
    cache.clear()
    world.letters_leave = door.letters_leave
    client = world.browser(who, "done" if door.about == "done" else "case")
    headers = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "zh-CN"} | dict(door.headers or {})
    if door.bearer:
        headers["Authorization"] = f"Bearer {next((one.value for one in client.cookies.values()), 'A' * 43)}"
    path = address(door, world)
    if door.token:
        token = world.browsers.tokens.get(who) or next(
            (one.value for one in client.cookies.values()), "A" * 43
        )
        headers["Authorization"] = f"Bearer {token}"
    if door.method == "GET":
        answer = client.get(path, door.query(world), headers=headers)
    elif door.raw:
        answer = client.put(path, door.raw(world), content_type="application/octet-stream", headers=headers)
    elif door.json:
        send = client.put if door.method == "PUT" else client.post
        answer = send(path, door.json(world), content_type="application/json", headers=headers)
    else:
        answer = client.post(path, door.form(world), headers=headers)
    answer.read = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def said(answer: Any) -> str:
    return f"{answer.status_code} {answer.headers.get('Location', '')}"


def is_refused(door: Door, answer: Any) -> bool:
    if door.quiet:
        return bool(answer.status_code < 500)
    if answer.status_code == 302:
        return bool(TO_SIGN_IN.match(answer.headers["Location"]) or answer.headers["Location"] == door.leads)
    return answer.status_code in REFUSED


def is_done(world: World, door: Door, answer: Any) -> bool:
    is_led_away = answer.status_code == 302 and TO_SIGN_IN.match(answer.headers["Location"])
    is_shown = not door.shows or stands_in(door.shows.format(**vars(world)), answer)
    return answer.status_code in DONE and not is_led_away and is_shown


def is_told(world: World, door: Door, answer: Any) -> bool:
    """Whether they read what is somebody else's."""
    shown = [door.shows.format(**vars(world))] if door.shows else []
    return any(stands_in(words, answer) for words in (MARK, *shown))


def stands_in(words: str, answer: Any) -> bool:
    """As a page has it, or as JSON does."""
    read = answer.read.decode(errors="replace")
    return words in read or json.dumps(words)[1:-1] in read


def rows_of_customer(world: World) -> list[list[Any]]:
    """What is the customer's, whom a stranger could be taken for."""
    one = world.customer.pk
    found = [Customer.objects.filter(pk=one), Identity.objects.filter(customer=one)]
    found += [Conversation.objects.filter(customer=one), Message.objects.filter(conversation__customer=one)]
    found += [PrivateLink.objects.filter(conversation__customer=one), world.customer.sessions.all()]
    return [sorted(map(repr, rows.values_list())) for rows in found]


@contextmanager
def undone() -> Iterator[None]:
    """As if it had never been asked."""
    block = transaction.atomic()
    # What must not stand inside another transaction is let off, as within a test case of Django's.
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)
