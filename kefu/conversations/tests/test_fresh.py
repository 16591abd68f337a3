"""What was just committed here is delivered as it stands in the table, without reading it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.test.utils import CaptureQueriesContext

from kefu.accounts.actions import erase_customer
from kefu.accounts.merging import merge_customer
from kefu.accounts.models import Agent, Customer
from kefu.conversations.actions import Cursor, Say, assign, move_cursor, resolve, say
from kefu.conversations.drawing import Audience
from kefu.conversations.fresh import MOST, Fresh, fresh
from kefu.conversations.models import Conversation, Message
from kefu.conversations.snapshot import topic_of
from kefu.conversations.tests.factories import (
    House,
    make_client_id,
    make_conversation,
    make_house,
    reply_to,
    viewer_of,
)
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.realtime import topics
from kefu.realtime.tests.clients import outgoing_of
from kefu.safety.guard import guard

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
    found = [(out.topic, json.loads(out.frame)) for out in outgoing_of(entries, topics.Listened(wanted))]
    return sorted(found, key=lambda one: one[0])


def newest(since: int) -> list[Entry]:
    return list(Entry.objects.filter(pk__gt=since).order_by("pk"))


def last_entry() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_frames_are_the_same_as_if_it_was_read_again(house: House) -> None:
    conversations = [make_conversation(house) for _ in range(3)]
    wanted, since = everything(house, conversations), last_entry()
    one = conversations[0]
    reply = reply_to(one, house.mei, "已经入账")
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
    outgoing_of(newest(0), topics.Listened(wanted))
    say([by_customer(one) for one in conversations])
    entries = newest(since)

    with CaptureQueriesContext(connection) as asked:
        assert frames(entries, wanted)

    tables = [
        Message._meta.db_table,
        'FROM "conversations_conversation" WHERE ("conversations_conversation"."id" IN',
    ]
    assert not [query["sql"] for query in asked if any(table in query["sql"] for table in tables)]


def test_whoever_answers_there_is_asked_for_once(house: House) -> None:
    conversation = make_conversation(house)
    say([reply_to(conversation, house.mei, "看到了")])
    wanted, since = frozenset({topic_of(conversation.ref, Audience.STAFF)}), last_entry()
    outgoing_of(newest(0), topics.Listened(wanted))
    say([reply_to(conversation, house.mei, "已经入账"), by_customer(conversation)])

    with CaptureQueriesContext(connection) as asked:
        assert frames(newest(since), wanted)

    table = f'FROM "{Agent._meta.db_table}"'
    assert len([query for query in asked if table in query["sql"]]) == 1


def test_what_others_committed_takes_as_many_queries_for_twenty_as_for_one(house: House) -> None:
    def queries_for(conversations: list[Conversation]) -> int:
        wanted, since = (
            frozenset(topic_of(one.ref, side) for one in conversations for side in Audience),
            last_entry(),
        )
        say([reply_to(one, house.mei) for one in conversations])
        move_cursor(
            [Cursor(conversation_id=one.pk, by=house.mei, delivered=9, seen=9) for one in conversations]
        )
        for one in conversations:
            resolve(conversation=one, by=house.mei)
        say([by_customer(one) for one in conversations])
        fresh.clear()
        with CaptureQueriesContext(connection) as asked:
            assert len(frames(newest(since), wanted)) == 2 * len(conversations)
        return len(asked)

    conversations = [make_conversation(house) for _ in range(21)]
    queries_for(conversations[:1])

    assert queries_for(conversations[:1]) == queries_for(conversations[1:])


def test_nor_when_more_was_said_and_seen_before_it_is_delivered(house: House) -> None:
    conversation = make_conversation(house)
    wanted, since = everything(house, [conversation]), last_entry()
    outgoing_of(newest(0), topics.Listened(wanted))
    say([by_customer(conversation, "第一句")])
    first = newest(since)
    move_cursor([Cursor(conversation_id=conversation.pk, by=house.mei, delivered=9, seen=9)])
    say([by_customer(conversation, "第二句"), reply_to(conversation, house.mei, "看到了")])

    with CaptureQueriesContext(connection) as asked:
        from_memory = frames(first, wanted)
    fresh.clear()

    assert from_memory == frames(first, wanted)
    assert "第一句" in json.dumps(from_memory, ensure_ascii=False)
    tables = [Message._meta.db_table, Conversation._meta.db_table]
    assert not [
        query["sql"]
        for query in asked
        if any(f'FROM "{table}"' in query["sql"] for table in tables) and "GROUP BY" not in query["sql"]
    ]


def test_what_is_erased_between_two_messages_is_delivered_erased(house: House) -> None:
    conversation = make_conversation(house)
    wanted, since = everything(house, [conversation]), last_entry()
    say([by_customer(conversation, "请忘掉这句话")])
    first = newest(since)
    Message.objects.filter(conversation=conversation).update(erased_at="2026-01-01T00:00Z")
    assign(conversation=conversation, to=house.mei, by=house.mei)
    say([by_customer(conversation, "新的一句")])

    for entries in (first, newest(since)):
        assert "请忘掉" not in json.dumps(frames(entries, wanted), ensure_ascii=False)


def test_who_is_named_anew_between_two_deliveries_has_their_new_name(house: House) -> None:
    conversation = make_conversation(house)
    wanted, since = everything(house, [conversation]), last_entry()
    say([by_customer(conversation, "第一句")])
    first = newest(since)
    say([by_customer(conversation, "第二句")])
    frames(first, wanted)
    Customer.objects.filter(pk=conversation.customer_id).update(name=guard("新名字"))

    told = json.dumps(frames(newest(first[-1].pk), wanted), ensure_ascii=False)

    assert "第二句" in told
    assert told.count("新名字") == told.count('"kind": "customer", "id": ' + f"{conversation.customer_id}")


def test_of_two_commits_the_later_one_counts_whichever_is_kept_first(house: House) -> None:
    conversation = make_conversation(house)
    with transaction.atomic():
        say([by_customer(conversation)])
        earlier = Conversation.objects.get(pk=conversation.pk)
        say([by_customer(conversation)])
        later = Conversation.objects.get(pk=conversation.pk)
    entries = [Entry(conversation_id=conversation.pk, seq=one.seq) for one in (earlier, later)]
    kept = Fresh()
    kept.begin()

    kept.keep((), [later], began={later.pk: earlier.seq})
    kept.keep((), [earlier], began={earlier.pk: conversation.seq})

    assert kept.conversations(entries[1:])[later.pk].row.seq == later.seq
    assert not kept.conversations(entries[:1])


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
    replayed = b"".join(kind.catch_up(person, topic, since) or [])

    assert "不要留着" not in replayed.decode()
    assert b'"erased":true' in replayed


def test_what_is_erased_before_it_was_delivered_is_delivered_erased(house: House) -> None:
    conversation = make_conversation(house)
    wanted, since = everything(house, [conversation]), last_entry()
    say([by_customer(conversation, "请忘掉这句话")])
    erase_customer(customer=conversation.customer, by=SYSTEM)

    assert "请忘掉" not in json.dumps(frames(newest(since), wanted), ensure_ascii=False)
    assert not fresh.messages(Message.objects.values_list("pk", flat=True))


def test_who_is_merged_before_delivery_is_drawn_as_who_they_are_now(house: House) -> None:
    conversation, into = make_conversation(house), make_conversation(house).customer
    wanted, since = everything(house, [conversation]), last_entry()
    say([by_customer(conversation)])
    entries = newest(since)
    merge_customer(source=conversation.customer, into=into)

    events = [event for _, frame in frames(entries, wanted) for event in frame.get("events", ())]
    drawn = [event["row"]["customer"] for event in events if event["kind"] == "row"]
    drawn += [event["head"]["customer"] for event in events if "customer" in event.get("head", ())]

    assert [one["id"] for one in drawn] == [into.pk, into.pk]


@pytest.mark.parametrize("audiences", [(Audience.STAFF,), tuple(Audience)])
def test_a_customer_who_is_deleted_before_delivery_holds_up_nobody_elses_news(
    house: House, audiences: tuple[Audience, ...]
) -> None:
    gone, staying = make_conversation(house), make_conversation(house)
    own = {topic_of(one.ref, audience) for one in (gone, staying) for audience in audiences}
    wanted, since = frozenset({*own, f"desk/{house.team.pk}"}), last_entry()
    say([by_customer(gone, "请删除我"), by_customer(staying, "还没到账")])
    entries = newest(since)
    gone.messages.all().delete()
    gone.customer.delete()

    told = frames(entries, wanted)

    assert {topic for topic, _ in told} == {topic for topic in wanted if gone.ref not in topic}
    assert "还没到账" in json.dumps(told, ensure_ascii=False)
    assert "请删除我" not in json.dumps(told, ensure_ascii=False)


def test_a_message_that_is_deleted_while_it_is_drawn_leaves_its_place_empty(house: House) -> None:
    conversation = make_conversation(house)
    since = last_entry()
    say([reply_to(conversation, house.mei, "已经入账")])
    say([by_customer(conversation)])
    fresh.clear()
    topic = topic_of(conversation.ref, Audience.STAFF)

    with transaction.atomic():
        # As between the two queries: the message was read, and its participant is not there any more.
        conversation.participants.filter(agent=house.mei)._raw_delete(DEFAULT_DB_ALIAS)
        ((_, told),) = frames(newest(since), frozenset({topic}))
        transaction.set_rollback(True)

    assert [event["kind"] for event in told["events"] if event["kind"] != "assigned"] == [
        "skip",
        "message",
        "conversation",
    ]


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
    kept.keep((Message(pk=number) for number in range(MOST + 10)), (), began={})

    assert len(kept.messages(range(MOST + 10))) == MOST
    assert kept.messages(range(MOST + 10)) == {}, "Each is given once."
