"""What was said here is drawn of what was at hand, without a query, and as if it was read again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from django.db import transaction

from kefu.accounts.models import Agent
from kefu.conversations import ahead
from kefu.conversations.actions import assign
from kefu.conversations.drawing import Audience
from kefu.conversations.frames import SayFrame
from kefu.conversations.fresh import fresh
from kefu.conversations.models import Conversation
from kefu.conversations.snapshot import topic_of
from kefu.conversations.tests.factories import (
    House,
    make_agent,
    make_client_id,
    make_conversation,
    make_house,
    viewer_of,
)
from kefu.conversations.together import Led, Spoken, say_together
from kefu.journal.models import Entry
from kefu.realtime import topics
from kefu.realtime.people import Person
from kefu.realtime.topics import Listened

pytestmark = pytest.mark.django_db(transaction=True)
Frames = list[tuple[str, Any]]


class Heard:
    """As the hub says it; none of it is heard at first."""

    def __init__(self) -> None:
        self.topics: set[str] = set()

    def is_heard(self, topic: str) -> bool:
        return topic in self.topics


@pytest.fixture(autouse=True)
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    found = Heard()
    monkeypatch.setattr(ahead, "hub", found)
    fresh.begin()
    yield found
    fresh.end()


@pytest.fixture
def house() -> House:
    return make_house()


def both(conversation: Conversation) -> list[str]:
    return [topic_of(conversation.ref, side) for side in Audience]


def by_customer(conversation: Conversation, text: str = "还没到账") -> Spoken:
    viewer = viewer_of(conversation)
    return Spoken(Person(viewer.actor, "", viewer), SayFrame(conversation.ref, make_client_id(), text=text))


def by_agent(agent: Agent, conversation: Conversation, **fields: Any) -> Spoken:
    frame = SayFrame(conversation.ref, make_client_id(), text="已经入账", **fields)
    return Spoken(Person(agent.actor, str(agent.name), agent), frame)


def written(*spoken: Spoken) -> list[Entry]:
    """What is new in the journal, as the tail gives it."""
    since = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with transaction.atomic():
        assert all(isinstance(answer, bytes | Led) for answer in say_together(spoken))
    return list(Entry.objects.filter(pk__gt=since).order_by("pk"))


def told(outgoing: list[topics.Outgoing]) -> Frames:
    return sorted((one.topic, msgspec.json.decode(one.frame)) for one in outgoing)


def read_again(entries: list[Entry], wanted: list[str]) -> Frames:
    fresh.clear()
    outgoing, left = topics.ready(entries, Listened(wanted))
    assert not outgoing
    return told(topics.render(left, Listened(wanted)))


def replies_and_notes(house: House, one: Conversation) -> list[Spoken]:
    return [
        by_agent(house.mei, one, spoken_seq=one.spoken_seq),
        by_agent(house.mei, one, visibility="staff"),
        by_customer(one, "密码: hunter2hunter2"),
        by_agent(house.mei, one, spoken_seq=99),
    ]


def test_it_is_drawn_as_if_it_was_read_again(
    house: House, heard: Heard, django_assert_num_queries: Any
) -> None:
    one, other = make_conversation(house), make_conversation(house)
    wanted = [*both(one), *both(other)]
    heard.topics.update(wanted)
    entries = written(*replies_and_notes(house, one), by_customer(other), by_customer(other))

    with django_assert_num_queries(0):
        outgoing, left = topics.ready(entries, Listened(wanted))

    assert not left
    assert {topic for topic, _ in told(outgoing)} == set(wanted)
    assert b"hunter2" not in b"".join(frame for _, frame in outgoing)
    assert told(outgoing) == read_again(entries, wanted)


def test_a_note_is_no_news_for_the_customer(house: House, heard: Heard) -> None:
    conversation = make_conversation(house)
    heard.topics.update(both(conversation))
    entries = written(by_agent(house.mei, conversation, visibility="staff"))

    outgoing, left = topics.ready(entries, Listened(both(conversation)))

    assert not left
    assert [topic for topic, _ in outgoing] == [topic_of(conversation.ref, Audience.STAFF)]


def test_two_batches_at_once_are_told_one_after_the_other(house: House, heard: Heard) -> None:
    conversation = make_conversation(house)
    heard.topics.update(both(conversation))
    entries = [*written(by_customer(conversation, "一")), *written(by_customer(conversation, "二"))]

    outgoing, left = topics.ready(entries, Listened(both(conversation)[-1:]))

    assert not left
    words = [msgspec.json.decode(one.frame)["events"][0]["message"]["text"] for one in outgoing]
    assert words == ["一", "二"]


@pytest.mark.parametrize("side", list(Audience))
def test_whoever_came_since_is_told_of_what_is_read(house: House, side: Audience) -> None:
    conversation = make_conversation(house)
    wanted = [topic_of(conversation.ref, side)]
    entries = written(by_customer(conversation))

    outgoing, left = topics.ready(entries, Listened(wanted))

    assert not outgoing
    assert told(topics.render(left, Listened(wanted))) == read_again(entries, wanted)


def test_nothing_is_left_where_the_only_listener_was_told_with_the_answer(house: House) -> None:
    conversation = make_conversation(house)
    entries = written(by_customer(conversation))
    (topic,) = listened = [topic_of(conversation.ref, Audience.CUSTOMER)]
    known = Listened(listened)
    known.note(topic, entries[0].customer_seq or 0)

    assert topics.ready(entries, known) == ([], [])
    assert not known.knows(topic, [entries[0].customer_seq or 0])


@pytest.mark.parametrize("is_before", [True, False])
def test_nothing_of_it_is_kept_where_something_else_comes_before_or_behind(
    house: House, heard: Heard, is_before: bool
) -> None:
    one, other = make_conversation(house), make_conversation(house)
    wanted = [*both(one), *both(other)]
    heard.topics.update(wanted)
    since = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if is_before:
        assign(conversation=one, to=house.mei, by=house.mei)
    written(by_customer(one), by_customer(other))
    if not is_before:
        assign(conversation=one, to=house.mei, by=house.mei)
    entries = list(Entry.objects.filter(pk__gt=since).order_by("pk"))

    outgoing, left = topics.ready(entries, Listened(wanted))

    assert {topic for topic, _ in outgoing} == set(both(other))
    assert told([*outgoing, *topics.render(left, Listened(wanted))]) == read_again(entries, wanted)
    assert not fresh.has_ahead


def test_another_conversation_of_the_same_customer_is_drawn_with_its_own_agent(
    house: House, heard: Heard
) -> None:
    one = make_conversation(house)
    other = make_conversation(house, viewer_of(one))
    assign(conversation=one, to=make_agent(house.team, "晚班"), by=house.mei)
    one.refresh_from_db()
    wanted = [topic_of(one.ref, Audience.CUSTOMER), topic_of(other.ref, Audience.STAFF)]
    heard.topics.add(wanted[1])
    entries = written(by_agent(house.mei, one, spoken_seq=one.spoken_seq), by_customer(other))

    outgoing, left = topics.ready(entries, Listened(wanted))

    assert told([*outgoing, *topics.render(left, Listened(wanted))]) == read_again(entries, wanted)


def test_it_is_given_once(house: House, heard: Heard) -> None:
    conversation = make_conversation(house)
    heard.topics.update(both(conversation))
    entries = written(by_customer(conversation))

    outgoing, left = topics.ready(entries, Listened(both(conversation)))
    again, all_of_it = topics.ready(entries, Listened(both(conversation)))

    assert (bool(outgoing), left, again) == (True, [], [])
    assert [own for _, own in all_of_it] == [entries]
