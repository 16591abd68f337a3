from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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

# A savepoint's two, lock, participants, those that moved, places of each side, conversations, journal.
QUERIES = 9


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
    assert cursor["who"] == {"kind": "agent", "id": 0, "name": ""}
    assert cursor["seen"] == 2


def test_mallory_moves_nothing():
    house = make_house()
    conversation = make_conversation(house)

    for mallory in (make_viewer(house), house.stranger):
        assert move_cursor([Cursor(conversation_id=conversation.pk, by=mallory, delivered=2, seen=2)]) == 0
        assert not Participant.objects.filter(conversation=conversation, agent=house.stranger).exists()


def test_many_cursors_of_both_sides_ask_as_often_as_two(django_assert_num_queries):
    house = make_house()
    conversations = [answered(house) for _ in range(9)]
    both = [(house.mei, c.seq, c.pk) for c in conversations]
    both += [(viewer_of(c), c.customer_seq, c.pk) for c in conversations]
    cursors = [Cursor(conversation_id=pk, by=by, delivered=seq, seen=seq) for by, seq, pk in both]
    move_cursor([Cursor(conversation_id=cursors[0].conversation_id, by=house.mei, delivered=1, seen=1)])

    with django_assert_num_queries(QUERIES):
        assert move_cursor([cursors[1], cursors[10]]) == 2
    with django_assert_num_queries(QUERIES):
        assert move_cursor([cursor for cursor in cursors if cursor not in (cursors[1], cursors[10])]) == 16


def test_a_move_names_the_columns_that_it_changes(django_assert_num_queries):
    house = make_house()
    conversation = answered(house)
    move_cursor([Cursor(conversation_id=conversation.pk, by=house.mei, delivered=1, seen=1)])

    with CaptureQueriesContext(connection) as asked:
        move_cursor([Cursor(conversation_id=conversation.pk, by=house.mei, delivered=3, seen=2)])

    written = [q["sql"] for q in asked if "UPDATE" in q["sql"] and "participant" in q["sql"]]
    assert len(written) == 1
    assert "delivered_seq" in written[0]
    assert '"agent_id" =' not in written[0]


def test_two_cursors_of_one_person_are_one_move():
    house = make_house()
    conversation = answered(house)
    viewer = viewer_of(conversation)
    entries = Entry.objects.count()
    most = conversation.customer_seq

    moved = move_cursor(
        [
            Cursor(conversation_id=conversation.pk, by=viewer, delivered=most, seen=1),
            Cursor(conversation_id=conversation.pk, by=viewer, delivered=1, seen=most),
        ]
    )

    participant = Participant.objects.get(conversation=conversation, customer__isnull=False)
    assert (participant.delivered_seq, participant.seen_seq) == (most, most)
    assert (moved, Entry.objects.count()) == (1, entries + 1)


def test_a_move_that_passes_nothing_of_the_other_side_is_kept_and_told_to_nobody():
    house = make_house()
    conversation = answered(house)
    viewer = viewer_of(conversation)
    most = conversation.customer_seq
    move_cursor([Cursor(conversation_id=conversation.pk, by=viewer, delivered=most, seen=0)])
    entries = Entry.objects.count()

    assert move_cursor([Cursor(conversation_id=conversation.pk, by=viewer, delivered=most, seen=2)]) == 0
    assert Participant.objects.get(conversation=conversation, customer__isnull=False).seen_seq == 2
    assert Entry.objects.count() == entries
    assert move_cursor([Cursor(conversation_id=conversation.pk, by=viewer, delivered=most, seen=most)]) == 1
