"""What was just committed here is delivered as it stands in the table, without reading it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kefu.accounts.actions import erase_customer
from kefu.accounts.models import Agent
from kefu.conversations.actions import Cursor, Say, assign, move_cursor, say
from kefu.conversations.drawing import Audience
from kefu.conversations.fresh import MOST, Fresh, fresh
from kefu.conversations.models import Conversation, Message
from kefu.conversations.snapshot import topic_of
from kefu.conversations.tests.factories import House, make_client_id, make_conversation, make_house, viewer_of
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.realtime import topics

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    fresh.clear()
    fresh.begin()
    yield
    fresh.end()


@pytest.fixture
def house() -> House:
    return make_house()


def by_customer(conversation: Conversation, text: str = "还没到账") -> Say:
    return Say(
        conversation_id=conversation.pk,
        by=viewer_of(conversation),
        client_id=make_client_id(),
        content=text,
    )


def everything(house: House, conversations: list[Conversation]) -> frozenset[str]:
    own = {topic_of(one.ref, audience) for one in conversations for audience in Audience}
    return frozenset(own | {f"desk/{house.team.pk}"})


def frames(entries: list[Entry], wanted: frozenset[str]) -> list[tuple[str, Any]]:
    """By topic, each topic's in their order: that of topics among each other says nothing."""
    found = [(out.topic, json.loads(out.frame)) for out in topics.render(entries, wanted)]
    return sorted(found, key=lambda one: one[0])


def newest(since: int) -> list[Entry]:
    return list(Entry.objects.filter(pk__gt=since).order_by("pk"))


def last_entry() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_frames_are_the_same_as_if_it_was_read_again(house: House) -> None:
    conversations = [make_conversation(house) for _ in range(3)]
    wanted, since = everything(house, conversations), last_entry()
    one = conversations[0]
    one.refresh_from_db()
    reply = Say(
        conversation_id=one.pk,
        by=house.mei,
        client_id=make_client_id(),
        content="已经入账",
        spoken_seq=one.spoken_seq,
    )
    say(
        [
            reply,
            by_customer(one),
            *(by_customer(other, "密码: hunter2hunter2") for other in conversations[1:]),
        ]
    )
    move_cursor([Cursor(conversation_id=one.pk, by=house.mei, delivered=9, seen=9)])
    entries = newest(since)

    from_memory = frames(entries, wanted)
    fresh.clear()

    assert from_memory == frames(entries, wanted)
    assert "hunter2" not in json.dumps(from_memory)


def test_nothing_of_it_is_read_again(house: House) -> None:
    conversations = [make_conversation(house) for _ in range(5)]
    wanted, since = everything(house, conversations), last_entry()
    topics.render(newest(0), wanted)
    say([by_customer(one) for one in conversations])
    entries = newest(since)

    with CaptureQueriesContext(connection) as asked:
        assert frames(entries, wanted)

    tables = [
        Message._meta.db_table,
        'FROM "conversations_conversation" WHERE ("conversations_conversation"."id" IN',
    ]
    assert not [query["sql"] for query in asked if any(table in query["sql"] for table in tables)]


def test_what_has_changed_since_is_read_as_it_is_now(house: House) -> None:
    conversation = make_conversation(house)
    wanted, since = everything(house, [conversation]), last_entry()
    say([by_customer(conversation)])
    assign(conversation=conversation, to=house.mei, by=house.mei)

    heads = [
        event["head"]
        for _, frame in frames(newest(since), wanted)
        for event in frame.get("events", ())
        if event["kind"] == "conversation"
    ]

    assert {head["assignee"]["name"] for head in heads} == {house.mei.name}


def test_what_was_rolled_back_is_not_kept(house: House) -> None:
    conversation, other = make_conversation(house), make_conversation(house)
    wanted, since = everything(house, [conversation, other]), last_entry()
    with transaction.atomic():
        say([by_customer(conversation, "从没说过")])
        transaction.set_rollback(True)
    say([by_customer(conversation), by_customer(other)])

    assert "从没说过" not in json.dumps(frames(newest(since), wanted), ensure_ascii=False)


def test_an_erased_message_replays_as_erased_whatever_is_kept_here(house: House) -> None:
    conversation = make_conversation(house)
    since = conversation.seq
    say([by_customer(conversation, "不要留着")])
    Message.objects.filter(conversation=conversation).update(erased_at="2026-01-01T00:00Z")
    topic = topic_of(conversation.ref, Audience.STAFF)
    kind = topics.kind_of(topic)
    assert kind is not None

    person: Any = type("Somebody", (), {"viewer": house.mei, "kind": "agent"})()
    replayed = b"".join(kind.catch_up(person, topic, since))

    assert "不要留着" not in replayed.decode()
    assert b'"erased":true' in replayed


def test_what_is_erased_before_it_was_delivered_is_delivered_erased(house: House) -> None:
    conversation = make_conversation(house)
    wanted, since = everything(house, [conversation]), last_entry()
    say([by_customer(conversation, "请忘掉这句话")])
    erase_customer(customer=conversation.customer, by=SYSTEM)

    assert "请忘掉" not in json.dumps(frames(newest(since), wanted), ensure_ascii=False)
    assert not fresh.messages(Message.objects.values_list("pk", flat=True))


def test_without_somebody_who_delivers_nothing_is_kept(house: House) -> None:
    fresh.end()
    say([by_customer(make_conversation(house))])

    assert not fresh.messages(Message.objects.values_list("pk", flat=True))


def test_who_answers_first_is_named_as_they_are_now(house: House) -> None:
    conversation = make_conversation(house)
    conversation.refresh_from_db()
    at_hello = Agent.objects.get(pk=house.mei.pk)
    Agent.objects.filter(pk=house.mei.pk).update(name="林晚")
    wanted, since = everything(house, [conversation]), last_entry()
    say(
        [
            Say(
                conversation_id=conversation.pk,
                by=at_hello,
                client_id=make_client_id(),
                content="我来看",
                spoken_seq=conversation.spoken_seq,
            )
        ]
    )

    told = dict(frames(newest(since), frozenset({f"desk/{house.team.pk}"}) & wanted)[:1])
    rows = [event["row"] for frame in told.values() for event in frame.get("events", ())]

    assert {row["assignee"]["name"] for row in rows} == {"林晚"}


def test_it_keeps_no_more_than_a_few_batches() -> None:
    kept = Fresh()
    kept.begin()
    kept.keep((Message(pk=number) for number in range(MOST + 10)), ())

    assert len(kept.messages(range(MOST + 10))) == MOST
    assert kept.messages(range(MOST + 10)) == {}, "Each is given once."
