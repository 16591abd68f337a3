from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kefu.journal import prepared
from kefu.journal.actions import OutsideTransaction, record, record_all, record_all_soon
from kefu.journal.actor import SYSTEM, Actor, ActorKind, agent_actor, customer_actor
from kefu.journal.events import KINDS, Event, NotClosed
from kefu.journal.looks import record_look
from kefu.journal.models import LOOKED, Entry
from kefu.journal.recent import recent
from kefu.journal.rings import WorkerEar
from kefu.journal.tests.facts import Happened, happen, only_postgresql

NOON = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)


class Mood(StrEnum):
    CALM = "calm"


class Told(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "journal.told"
    what: Any


@pytest.mark.django_db
def test_an_entry_says_who_what_when_and_where():
    entry = happen(conversation_id=4, subject_id=5, brand_id=6, seq=1, customer_seq=1, occurred_at=NOON)

    kept = Entry.objects.get(pk=entry.pk)
    assert (kept.kind, kept.actor, kept.occurred_at) == (Happened.kind, SYSTEM, NOON)
    assert (kept.conversation_id, kept.subject_id, kept.brand_id) == (4, 5, 6)
    assert (kept.seq, kept.customer_seq) == (1, 1)
    assert kept.recorded_at > NOON


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (2.5, 2.5),
        (Mood.CALM, "calm"),
        ([1, Mood.CALM], [1, "calm"]),
        ((1, 2), [1, 2]),
    ],
)
@pytest.mark.django_db
def test_ids_and_closed_values_are_taken(value, kept):
    with transaction.atomic():
        entry = record(Told(actor=SYSTEM, what=value))

    assert Entry.objects.get(pk=entry.pk).payload == {"what": kept}


def test_each_kind_of_fact_is_known_by_its_name():
    assert (KINDS[Happened.kind], KINDS[Told.kind]) == (Happened, Told)


@pytest.mark.parametrize("value", ["林小美", ["text"], {"a": 1}, NOON, object()])
@pytest.mark.django_db
def test_text_is_refused(value):
    with transaction.atomic(), pytest.raises(NotClosed):
        record(Told(actor=SYSTEM, what=value))

    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused():
    with pytest.raises(OutsideTransaction):
        record(Happened(actor=SYSTEM))


@pytest.mark.django_db
def test_many_facts_are_one_statement_in_order(django_assert_num_queries):
    # SQLite is asked first which id comes next.
    with transaction.atomic(), django_assert_num_queries(2 if connection.vendor == "sqlite" else 1):
        entries = record_all([Happened(actor=SYSTEM, subject_id=number) for number in range(20)])

    assert [entry.subject_id for entry in entries] == list(range(20))
    assert [entry.pk for entry in entries] == sorted(entry.pk for entry in entries)


@pytest.mark.django_db
def test_what_is_recorded_together_is_of_one_moment_unless_it_happened_before():
    with transaction.atomic():
        entries = record_all([Happened(actor=SYSTEM), Happened(actor=SYSTEM, occurred_at=NOON)])

    assert entries[0].recorded_at == entries[1].recorded_at == entries[0].occurred_at
    assert entries[1].occurred_at == NOON


@pytest.mark.django_db(transaction=True)
def test_it_rings_after_commit_and_not_after_a_rollback():
    ear = WorkerEar()
    ear.start()
    try:
        with transaction.atomic():
            record(Happened(actor=SYSTEM))
            assert not ear.wait_for_ring(0)
        assert ear.wait_for_ring(0)

        with transaction.atomic():
            record(Happened(actor=SYSTEM))
            transaction.set_rollback(True)
        assert not ear.wait_for_ring(0)
    finally:
        ear.stop()


@pytest.mark.django_db(transaction=True)
def test_what_is_recorded_soon_has_its_ids_after_the_commit_and_is_kept_for_the_tail():
    before = happen()
    recent.begin()
    try:
        with transaction.atomic(), prepared.together():
            entries = record_all_soon([Happened(actor=SYSTEM, seq=7), Happened(actor=SYSTEM, seq=8)])

        assert [entry.seq for entry in entries] == [7, 8]
        assert entries == list(Entry.objects.filter(pk__gt=before.pk).order_by("pk"))
        assert recent.after(before.pk, 9) == (entries, True)
    finally:
        recent.end()


@pytest.mark.django_db
def test_a_seq_is_given_once():
    happen(conversation_id=1, seq=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        happen(conversation_id=1, seq=1)


def test_an_actor_reads_as_kind_and_id():
    assert str(agent_actor(3)) == "agent:3"
    assert str(customer_actor(3)) == "customer:3"
    assert str(SYSTEM) == "system"
    assert customer_actor(3) == Actor(ActorKind.CUSTOMER, 3)


@pytest.mark.django_db(transaction=True)
def test_a_look_is_written_once_a_viewer_conversation_and_quarter_of_an_hour():
    with time_machine.travel(NOON, tick=False) as time:
        for _ in range(3):
            record_look(viewer=agent_actor(1), conversation_id=7, brand_id=2)
        record_look(viewer=agent_actor(2), conversation_id=7)
        record_look(viewer=agent_actor(1), conversation_id=8)
        time.shift(timedelta(minutes=14, seconds=59))
        record_look(viewer=agent_actor(1), conversation_id=7)
        assert Entry.objects.count() == 3

        time.shift(timedelta(seconds=1))
        record_look(viewer=agent_actor(1), conversation_id=7)

    looks = Entry.objects.filter(kind=LOOKED, actor_id=1, conversation_id=7).order_by("id")
    assert [look.occurred_at for look in looks] == [NOON, NOON + timedelta(minutes=15)]
    assert {(look.seq, look.customer_seq, look.brand_id) for look in looks} == {
        (None, None, 2),
        (None, None, None),
    }


@pytest.mark.django_db(transaction=True)
def test_a_look_is_known_by_its_kind_and_by_who_looked():
    with time_machine.travel(NOON, tick=False):
        with transaction.atomic():
            record(Happened(actor=agent_actor(1), conversation_id=7, occurred_at=NOON))
        record_look(viewer=agent_actor(1), conversation_id=7)
        record_look(viewer=customer_actor(1), conversation_id=7)

    looks = Entry.objects.filter(kind=LOOKED).order_by("id")
    assert [look.actor for look in looks] == [agent_actor(1), customer_actor(1)]


@pytest.mark.django_db(transaction=True)
@only_postgresql
def test_a_look_has_a_transaction_with_a_number_before_it_has_an_id():
    with CaptureQueriesContext(connection) as asked:
        record_look(viewer=agent_actor(1), conversation_id=7)

    words = [query["sql"].split("(")[0] for query in asked]
    (inserted,) = (place for place, sql in enumerate(words) if sql.startswith("INSERT"))
    assert "SELECT pg_current_xact_id" in words[:inserted]
    assert "BEGIN" in words[: words.index("SELECT pg_current_xact_id")]


@pytest.mark.django_db(transaction=True)
def test_looking_again_only_reads(django_assert_num_queries):
    record_look(viewer=agent_actor(1), conversation_id=7)

    with django_assert_num_queries(1):
        record_look(viewer=agent_actor(1), conversation_id=7)


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_the_same_moment_write_one_look(monkeypatch):
    monkeypatch.setattr("kefu.journal.looks._is_known", lambda *_: False)
    with time_machine.travel(NOON, tick=False):
        record_look(viewer=agent_actor(1), conversation_id=7)
        record_look(viewer=agent_actor(1), conversation_id=7)

    assert Entry.objects.count() == 1
