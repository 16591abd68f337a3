from __future__ import annotations

import pytest

from kefu.conversations.actions import Cursor, Say, move_cursor, say
from kefu.conversations.drawing import Audience
from kefu.conversations.models import Participant, Visibility
from kefu.conversations.snapshot import snapshot
from kefu.conversations.tests.factories import (
    make_client_id,
    make_conversation,
    make_house,
    make_viewer,
    viewer_of,
)
from kefu.journal.models import Entry

pytestmark = pytest.mark.django_db


def answered(house):
    conversation = make_conversation(house)
    note = Say(
        conversation_id=conversation.pk,
        by=house.mei,
        client_id=make_client_id(),
        content="备注",
        visibility=Visibility.STAFF,
    )
    reply = Say(
        conversation_id=conversation.pk,
        by=house.mei,
        client_id=make_client_id(),
        content="你好",
        spoken_seq=99,
    )
    say([note, reply])
    conversation.refresh_from_db()
    return conversation


def test_what_the_customer_saw_is_told_in_each_audiences_counting():
    house = make_house()
    conversation = answered(house)
    viewer = viewer_of(conversation)

    moved = move_cursor(
        [
            Cursor(
                conversation_id=conversation.pk,
                by=viewer,
                delivered=conversation.customer_seq,
                seen=conversation.customer_seq,
            )
        ]
    )

    cursor = snapshot(conversation, Audience.STAFF)["cursors"][0]
    assert moved == 1
    assert cursor["who"]["kind"] == "customer"
    assert cursor["seen"] == conversation.spoken_seq


def test_a_cursor_never_goes_back_or_beyond_what_there_is():
    house = make_house()
    conversation = answered(house)
    viewer = viewer_of(conversation)
    move_cursor([Cursor(conversation_id=conversation.pk, by=viewer, delivered=10**6, seen=10**6)])
    entries = Entry.objects.count()

    move_cursor([Cursor(conversation_id=conversation.pk, by=viewer, delivered=1, seen=1)])

    participant = Participant.objects.get(conversation=conversation, customer__isnull=False)
    assert participant.seen_seq == conversation.customer_seq
    assert Entry.objects.count() == entries


def test_seeing_only_ones_own_words_is_no_news():
    house = make_house()
    conversation = make_conversation(house)
    entries = Entry.objects.count()

    move_cursor([Cursor(conversation_id=conversation.pk, by=viewer_of(conversation), delivered=2, seen=2)])

    assert Entry.objects.count() == entries


def test_the_customer_is_told_that_staff_saw_it_and_not_by_whom_by_number():
    house = make_house()
    conversation = make_conversation(house)

    move_cursor(
        [
            Cursor(
                conversation_id=conversation.pk,
                by=house.mei,
                delivered=conversation.seq,
                seen=conversation.seq,
            )
        ]
    )

    cursor = snapshot(conversation, Audience.CUSTOMER)["cursors"][0]
    assert cursor["who"] == {"kind": "agent", "id": 0, "name": "林美"}
    assert cursor["seen"] == 2


def test_mallory_moves_nothing():
    house = make_house()
    conversation = make_conversation(house)

    for mallory in (make_viewer(house), house.stranger):
        assert move_cursor([Cursor(conversation_id=conversation.pk, by=mallory, delivered=2, seen=2)]) == 0
