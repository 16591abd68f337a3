"""Rows that are written by the thousand stand in the table as the ORM would have written them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from kefu.journal import rows
from kefu.journal.actor import ActorKind
from kefu.journal.models import Entry, ListenerCursor

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 8, 12, 0, 0, 123456, tzinfo=UTC)


def entry(number: int, **values: Any) -> Entry:
    known = {
        "recorded_at": NOON,
        "occurred_at": NOON,
        "kind": "journal.happened",
        "actor_kind": ActorKind.CUSTOMER,
        "actor_id": number,
        "conversation_id": 7,
        "seq": number,
        "payload": {"mood": "平静", "list": [1, None, "\"'\\"]},
    }
    return Entry(**(known | values))


def stored(**where: Any) -> list[dict[str, Any]]:
    fields = [field.name for field in Entry._meta.concrete_fields if field.name not in {"id", "seq"}]
    return list(Entry.objects.filter(**where).order_by("pk").values(*fields))


def test_what_is_inserted_is_what_the_orm_would_have_stored() -> None:
    several: list[dict[str, Any]] = [
        {},
        {"actor_id": None, "customer_seq": 3},
        {"payload": {}, "kind": "引号' 和 \\ 和 %s", "brand_id": 2**40},
        {"occurred_at": datetime(2026, 3, 8, 12, 0, tzinfo=UTC)},
        {"occurred_at": datetime(2026, 3, 8, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))},
    ]
    Entry.objects.bulk_create(
        [entry(9, conversation_id=1, seq=place, **one) for place, one in enumerate(several)]
    )
    with transaction.atomic():
        rows.insert([entry(9, conversation_id=2, seq=place, **one) for place, one in enumerate(several)])

    by_orm, by_rows = stored(conversation_id=1), stored(conversation_id=2)

    assert [one | {"conversation_id": 2} for one in by_orm] == by_rows


def test_ids_are_given_in_the_order_of_the_rows_and_go_on_where_they_were() -> None:
    before = entry(0)
    before.save()
    several = [entry(number) for number in range(1, 40)]

    with transaction.atomic():
        rows.insert(several)

    assert [one.pk for one in several] == sorted(one.pk for one in several)
    assert min(one.pk for one in several) > before.pk
    assert [Entry.objects.get(pk=one.pk).seq for one in several] == [one.seq for one in several]
    assert not several[0]._state.adding
    after = entry(50)
    after.save()
    assert after.pk > several[-1].pk


def test_the_first_row_of_all_gets_an_id() -> None:
    ListenerCursor.objects.all().delete()
    one = entry(1)

    with transaction.atomic():
        rows.insert([one])

    assert Entry.objects.get().pk == one.pk


def test_it_takes_as_many_statements_for_forty_rows_as_for_one() -> None:
    def statements(number: int, since: int) -> int:
        several = [entry(since + place) for place in range(number)]
        with CaptureQueriesContext(connection) as asked, transaction.atomic():
            rows.insert(several)
            for one in several:
                one.brand_id = 5
            rows.update(several, ["brand_id"])
        return len([query for query in asked if "many" not in query["sql"][:4]])

    assert statements(1, 0) == statements(40, 100)


def test_what_the_table_refuses_is_refused_and_nothing_is_stored() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert([entry(1), entry(2), entry(1)])

    assert not Entry.objects.exists()


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="only PostgreSQL: SQLite has no longest length of its own"
)
def test_what_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(DataError), transaction.atomic():
        rows.insert([entry(1, kind="x" * 61)])

    one = entry(1)
    one.save()
    one.kind = "x" * 61
    with pytest.raises(DataError), transaction.atomic():
        rows.update([one], ["kind"])


def test_an_update_writes_those_fields_of_those_rows() -> None:
    several = [entry(number) for number in range(4)]
    with transaction.atomic():
        rows.insert(several)
    at = now()
    for one in several[:3]:
        one.recorded_at, one.payload, one.customer_seq = at, {"to": one.seq}, None
        one.kind = "forgotten"
    gone = several[2]
    Entry.objects.filter(pk=gone.pk).delete()

    with transaction.atomic():
        rows.update(several[:3], ["recorded_at", "payload", "customer_seq"])

    found = Entry.objects.order_by("pk")
    assert [(one.recorded_at, one.payload) for one in found] == [
        (at, {"to": 0}),
        (at, {"to": 1}),
        (NOON, several[3].payload),
    ]
    assert {one.kind for one in found} == {"journal.happened"}


@pytest.mark.parametrize("is_locked", [False, True])
def test_what_is_fetched_is_what_a_queryset_gives(is_locked: bool) -> None:
    several = [entry(number, conversation_id=number % 3, customer_seq=None) for number in range(9)]
    with transaction.atomic():
        rows.insert(several)
        found = rows.fetch(Entry, "conversation_id", [0, 2, 77], is_locked=is_locked)

    wanted = list(Entry.objects.filter(conversation_id__in=[0, 2, 77]).order_by("pk"))
    assert [vars(one) | {"_state": None} for one in found] == [vars(one) | {"_state": None} for one in wanted]
    assert [type(one.recorded_at) for one in found] == [type(one.recorded_at) for one in wanted]
    assert not found[0]._state.adding


def test_it_asks_the_same_words_for_one_and_for_many() -> None:
    with CaptureQueriesContext(connection) as asked:
        rows.fetch(Entry, "id", [1])
        rows.fetch(Entry, "id", range(100))

    assert len({query["sql"].split("json_each")[0].split("ANY")[0] for query in asked}) == 1
    assert len(asked) == 2


def test_text_is_looked_for_as_text() -> None:
    quotes = """'"\\%s 引号"""
    entry(1, kind=quotes).save()

    assert [one.kind for one in rows.fetch(Entry, "kind", [quotes, "other"])] == [quotes]


def test_nothing_to_do_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert rows.fetch(Entry, "id", []) == []
        rows.insert([])
        rows.update([], ["kind"])

    assert len(asked) == 0
