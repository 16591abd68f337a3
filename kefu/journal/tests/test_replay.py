from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kefu.journal.models import Entry
from kefu.journal.replay import Audience, entries_after, latest
from kefu.journal.tests.facts import Happened, Ignored, happen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_conversation() -> None:
    """Seven entries, of which 3 and 6 are for staff only, among those of another conversation."""
    customer_seq = 0
    for seq in range(1, 8):
        is_note = seq in {3, 6}
        customer_seq += not is_note
        kind = Ignored if seq % 2 else Happened
        happen(kind, conversation_id=1, seq=seq, customer_seq=None if is_note else customer_seq)
        happen(conversation_id=2, seq=seq, customer_seq=seq)


def test_staff_get_all_that_came_after_their_seq():
    assert [entry.seq for entry in entries_after(1, audience="staff", seq=4)] == [5, 6, 7]


def test_customers_count_for_themselves_and_get_no_notes():
    entries = entries_after(1, audience="customer", seq=2)

    assert [entry.customer_seq for entry in entries] == [3, 4, 5]
    assert [entry.seq for entry in entries] == [4, 5, 7]


def test_a_replay_is_bounded():
    assert [entry.seq for entry in entries_after(1, audience="staff", seq=0, limit=2)] == [1, 2]


def test_a_replay_has_five_hundred_entries_if_nobody_asks_for_less():
    Entry.objects.bulk_create(
        Entry(kind="journal.tested", actor_kind="system", conversation_id=3, seq=seq) for seq in range(1, 502)
    )

    assert [entry.seq for entry in entries_after(3, audience="staff", seq=0)] == list(range(1, 501))


def test_the_latest_come_newest_first_of_their_kinds_and_before_a_seq():
    assert [entry.seq for entry in latest(1, "staff", 3)] == [7, 6, 5]
    assert [entry.customer_seq for entry in latest(1, "customer", 2)] == [5, 4]
    assert [entry.customer_seq for entry in latest(1, "customer", 9)] == [5, 4, 3, 2, 1]
    assert [entry.seq for entry in latest(1, "staff", 9, kinds={Ignored.kind})] == [7, 5, 3, 1]
    assert [entry.seq for entry in latest(1, "staff", 9, before=3)] == [2, 1]
    assert latest(3, "staff", 9) == []


def test_a_customers_look_far_back_is_the_same_with_and_without_its_bound():
    for before in range(1, 8):
        assert latest(1, "customer", 9, before=before, apart=2) == latest(1, "customer", 9, before=before)


def test_a_customers_look_far_back_reads_no_more_than_it_must():
    """The counters are two apart, so what has a later `seq` than that comes later for the customer as well."""
    Entry.objects.filter(conversation_id=1, seq=7).update(customer_seq=2)

    assert [entry.seq for entry in latest(1, "customer", 9, before=3, apart=2)] == [2, 1]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite: PostgreSQL reads small tables whole")
@pytest.mark.parametrize("audience", ["staff", "customer"])
def test_both_audiences_are_read_by_one_index(audience: Audience):
    with CaptureQueriesContext(connection) as seen:
        entries_after(1, audience=audience, seq=2)
        latest(1, audience, 9, before=3, apart=2)
    plans = [_plan_of(query["sql"]) for query in seen.captured_queries]

    assert len(plans) == 2
    assert all(
        "USING INDEX sqlite_autoindex_journal_entry_1 (conversation_id=? AND seq" in one for one in plans
    )
    assert not any("TEMP B-TREE" in one for one in plans)


def _plan_of(query: str) -> str:
    with connection.cursor() as cursor:
        return " ".join(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {query}").fetchall())
