"""The socket law: page + events since its cursor = fresh page."""

from __future__ import annotations

import json

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace

from kefu.conversations.actions import Cursor, Say, assign, move_cursor, rate, reopen, resolve, say
from kefu.conversations.drawing import Audience
from kefu.conversations.models import Conversation, Verdict, Visibility
from kefu.conversations.snapshot import EVENTS, earlier, events_after, snapshot, topic_of
from kefu.conversations.tests.factories import (
    make_agent,
    make_client_id,
    make_conversation,
    make_house,
    reply_to,
    viewer_of,
)
from kefu.conversations.topics import render
from kefu.journal.models import Entry
from kefu.realtime.topics import Listened

pytestmark = pytest.mark.django_db


def ask(conversation, text="在吗"):
    return Say(
        conversation_id=conversation.pk, by=viewer_of(conversation), client_id=make_client_id(), content=text
    )


def a_whole_story(house, conversation):
    """Each step in turn, so that a page can be taken before any of them."""
    yield lambda: say([ask(conversation)])
    yield lambda: assign(conversation=conversation, to=house.mei, by=house.mei)
    note = Say(
        conversation_id=conversation.pk,
        by=house.mei,
        client_id=make_client_id(),
        content="备注",
        visibility=Visibility.STAFF,
    )
    yield lambda: say([note])
    yield lambda: say([reply_to(conversation, house.mei)])
    yield lambda: move_cursor(
        [Cursor(conversation_id=conversation.pk, by=viewer_of(conversation), delivered=99, seen=99)]
    )
    yield lambda: say([ask(conversation, "密码: hunter2hunter2")])
    yield lambda: move_cursor([Cursor(conversation_id=conversation.pk, by=house.mei, delivered=99, seen=99)])
    yield lambda: resolve(conversation=conversation, by=house.mei)
    mine = viewer_of(conversation)
    yield lambda: rate(conversation=conversation, verdict=Verdict.SOLVED, by=mine)
    yield lambda: rate(conversation=conversation, verdict=Verdict.NOT_SOLVED, words="还没到账", by=mine)
    yield lambda: reopen(conversation=conversation, by=house.mei)
    yield lambda: assign(conversation=conversation, to=None, by=house.mei)


def applied(page, events):
    """What a client has after applying events to a page: by seq, cursors by who, the last head."""
    drawn = {event["seq"]: event for event in page["events"]}
    cursors = {json.dumps(one["who"]): one for one in page["cursors"]}
    head = page["head"]
    for event in events:
        if event["kind"] == "cursor":
            cursors[json.dumps(event["who"])] = {key: event[key] for key in ("who", "delivered", "seen")}
        elif event["kind"] == "conversation":
            head = event["head"]
        elif event["kind"] != "skip":
            drawn[event["seq"]] = event
    return {
        "events": [drawn[seq] for seq in sorted(drawn)],
        "cursors": sorted(cursors.values(), key=str),
        "head": head,
    }


def as_fresh(conversation, audience):
    return applied(snapshot(conversation, audience), [])


@pytest.mark.parametrize("audience", list(Audience))
def test_page_and_events_since_its_cursor_are_a_fresh_page(audience):
    house = make_house()
    conversation = make_conversation(house)
    steps = list(a_whole_story(house, conversation))
    topic = topic_of(conversation.ref, audience)

    pages = []
    for step in steps:
        last = Entry.objects.order_by("-pk").first()
        pages.append((snapshot(conversation, audience), last.pk if last else 0))
        step()

    fresh = as_fresh(conversation, audience)
    for page, cursor in pages:
        entries = list(Entry.objects.filter(pk__gt=cursor).order_by("pk"))
        frames = [msgspec.json.decode(one.frame) for one in render(entries, Listened({topic}))]
        live = applied(page, [event for frame in frames for event in frame["events"]])
        assert without_own_cursors(live, audience) == without_own_cursors(fresh, audience)
        replayed = events_after(conversation, audience, page["seq"], limit=100)
        assert without_own_cursors(applied(page, replayed), audience)["events"] == fresh["events"]


def without_own_cursors(state, audience):
    own = "customer" if audience == Audience.CUSTOMER else "agent"
    return state | {"cursors": [cursor for cursor in state["cursors"] if cursor["who"]["kind"] != own]}


@pytest.mark.parametrize("audience", list(Audience))
def test_every_audience_sees_its_own_count_without_holes(audience):
    house = make_house()
    conversation = make_conversation(house)
    for step in a_whole_story(house, conversation):
        step()

    seqs = [event["seq"] for event in events_after(conversation, audience, 0, limit=100)]

    assert seqs == list(range(1, len(seqs) + 1))


def test_the_customer_never_sees_a_note_or_a_number_of_staff():
    house = make_house()
    conversation = make_conversation(house)
    for step in a_whole_story(house, conversation):
        step()

    drawn = [
        snapshot(conversation, Audience.CUSTOMER),
        events_after(conversation, Audience.CUSTOMER, 0, limit=100),
    ]
    seen = json.dumps(drawn, ensure_ascii=False)

    assert "备注" not in seen
    assert '"staff"' not in seen
    assert f'"id": {house.mei.pk}, "name"' not in seen
    assert "hunter2" not in seen


def test_too_much_missed_is_a_snapshot_and_earlier_events_come_on_demand():
    house = make_house()
    conversation = make_conversation(house)
    say([ask(conversation, f"第 {number} 句") for number in range(EVENTS + 20)])

    page = snapshot(conversation, Audience.STAFF)
    before = earlier(conversation, Audience.STAFF, page["events"][0]["seq"])

    assert len(page["events"]) == EVENTS
    assert page["earlier"]
    assert not before["earlier"]
    assert before["events"][-1]["seq"] == page["events"][0]["seq"] - 1
    assert events_after(conversation, Audience.STAFF, 0, limit=10) is None


def test_drawing_costs_the_same_for_one_and_for_twenty_messages():
    house = make_house()
    colleague = make_agent(house.team)
    short, long = make_conversation(house), make_conversation(house)
    say([reply_to(short, house.mei)])
    say([reply_to(long, house.mei)])
    say([ask(long, f"{number}") for number in range(20)])
    assign(conversation=long, to=colleague, by=house.mei)

    def statements(conversation):
        conversation = Conversation.objects.get(pk=conversation.pk)
        with CaptureQueriesContext(connection) as captured:
            snapshot(conversation, Audience.STAFF)
        return len(captured)

    assert statements(short) == statements(long)


def test_the_customer_never_learns_who_only_noted_something():
    house = make_house()
    conversation = make_conversation(house)
    colleague = make_agent(house.team, "只写备注的人")
    note = reply_to(conversation, house.mei, "内部备注")
    say([replace(note, by=colleague, visibility=Visibility.STAFF, spoken_seq=None)])
    move_cursor([Cursor(conversation_id=conversation.pk, by=colleague, delivered=99, seen=99)])

    drawn = [
        snapshot(conversation, Audience.CUSTOMER),
        events_after(conversation, Audience.CUSTOMER, 0, limit=100),
    ]

    assert "只写备注的人" not in json.dumps(drawn, ensure_ascii=False)
