"""How often the database is asked for what is done most: the same whatever the number of messages and people."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction

from kefu.conversations import topics
from kefu.conversations.drawing import Audience
from kefu.conversations.frames import SayFrame
from kefu.conversations.models import Conversation
from kefu.conversations.snapshot import EVENTS, snapshot, topic_of
from kefu.conversations.tests.factories import (
    House,
    make_client_id,
    make_conversation,
    make_house,
    viewer_of,
)
from kefu.conversations.tests.queries import asking, fill
from kefu.conversations.together import Led, Spoken, say_together
from kefu.realtime.people import Person
from kefu.safety.models import Counter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house() -> House:
    return make_house()


def person(viewer: Any) -> Person:
    return Person(viewer.actor, "", viewer)


def person_of(house: House, conversation: Conversation, audience: Audience) -> Person:
    return person(viewer_of(conversation) if audience == Audience.CUSTOMER else house.mei)


def spoken(conversation: Conversation) -> Spoken:
    frame = SayFrame(ref=conversation.ref, client_id=make_client_id(), text="还没到账")
    return Spoken(person(viewer_of(conversation)), frame)


def written(batch: list[Spoken]) -> None:
    """As the writer's thread does it."""
    with transaction.atomic():
        assert all(isinstance(answer, Led | bytes) for answer in say_together(batch))


@pytest.mark.parametrize("number", [1, 64])
def test_sending_asks_as_often_for_many_as_for_one(house: House, number: int) -> None:
    conversations = [make_conversation(house) for _ in range(number)]
    written([spoken(one) for one in conversations])

    with asking() as asked:
        written([spoken(one) for one in conversations])

    asked.of(sqlite=7, postgresql=8)


@pytest.mark.parametrize("number", [1, 64])
def test_saying_again_asks_as_often_for_many_as_for_one(house: House, number: int) -> None:
    """After a restart everybody does so at once."""
    batch = [spoken(make_conversation(house)) for _ in range(number)]
    written(batch)

    with asking() as asked:
        written(batch)

    asked.of(sqlite=6, postgresql=7)
    assert set(Counter.objects.values_list("used", flat=True)) == {1}


@pytest.mark.parametrize("audience", list(Audience))
def test_replaying_fifty_events(house: House, audience: Audience) -> None:
    conversation = make_conversation(house)
    fill(house, conversation, 60, people=12)
    who = person_of(house, conversation, audience)
    topic = topic_of(conversation.ref, audience)
    last = conversation.customer_seq if audience == Audience.CUSTOMER else conversation.seq

    with asking() as asked:
        (frame,) = topics.catch_up(who, topic, last - 50) or []

    assert frame.count(b'"seq":') >= 50
    more = 1 if audience == Audience.STAFF else 0
    asked.of(sqlite=5 + more, postgresql=5 + more)


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("number", [5, 500])
def test_opening_a_thread(house: House, audience: Audience, number: int) -> None:
    conversation = make_conversation(house)
    fill(house, conversation, number, people=12 if number == 500 else 1)

    topic, who = topic_of(conversation.ref, audience), person_of(house, conversation, audience)

    with asking() as asked:
        shown = snapshot(conversation, audience)
    with asking() as asked_by_socket:
        (frame,) = topics.catch_up(who, topic, -1) or []

    assert json.loads(frame)["snapshot"] == shown
    assert number < len(shown["events"]) or len(shown["events"]) == EVENTS
    assert len(shown["cursors"]) == (12 if number == 500 and audience == Audience.CUSTOMER else 1)
    asked.of(sqlite=6, postgresql=6)
    # Whether an agent may see it asks for their teams.
    more = 1 if audience == Audience.STAFF else 0
    asked_by_socket.of(sqlite=6 + more, postgresql=6 + more)
