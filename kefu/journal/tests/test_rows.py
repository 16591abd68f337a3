"""Rows that are written by the thousand stand in the table as the ORM would have written them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from kefu.journal import prepared, rows
from kefu.journal.actor import ActorKind
from kefu.journal.models import DeadLetter, Entry, ListenerCursor
from kefu.journal.tests.facts import elsewhere, only_postgresql

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


def test_ids_that_were_drawn_before_are_kept_and_nobody_elses() -> None:
    drawn = rows.ids_soon(Entry, 3)()
    several = [entry(number, pk=pk) for number, pk in enumerate(drawn)]
    with transaction.atomic():
        rows.insert(several)
        rows.insert([entry(8), entry(9)])

    assert [one.seq for one in Entry.objects.filter(pk__in=drawn).order_by("pk")] == list(range(len(drawn)))
    assert len(set(drawn)) == (0 if connection.vendor == "sqlite" else 3)
    assert Entry.objects.count() == len(drawn) + 2


def test_many_go_in_few_stretches_each_of_a_length_that_comes_again() -> None:
    def stretches(number: int) -> list[list[int]]:
        return [
            [len(one) for one in some]
            for some in rows._in_stretches([[0] * place for place in range(number)])
        ]

    assert [len(some) for some in stretches(127)] == [64, 56, 7]
    assert [len(some) for some in stretches(130)] == [64, 64, 2]
    assert [[len(some) for some in stretches(number)] for number in (7, 8, 9)] == [[7], [8], [8, 1]]
    assert [one for some in stretches(127) for one in some] == list(range(127))
    assert stretches(0) == []


def test_the_first_row_of_all_gets_an_id() -> None:
    ListenerCursor.objects.all().delete()
    one = entry(1)

    with transaction.atomic():
        rows.insert([one])

    assert Entry.objects.get().pk == one.pk


def test_it_takes_as_many_statements_for_many_rows_as_for_one() -> None:
    def statements(number: int, since: int) -> int:
        several = [entry(since + place) for place in range(number)]
        with CaptureQueriesContext(connection) as asked, transaction.atomic():
            rows.insert(several)
            for one in several:
                one.brand_id = 5
            rows.update(several, ["brand_id"])
        return len([query for query in asked if "many" not in query["sql"][:4]])

    assert statements(1, 0) == statements(32, 100)


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


@pytest.mark.parametrize("lock", list(rows.Lock))
def test_what_is_fetched_is_what_a_queryset_gives(lock: rows.Lock) -> None:
    several = [entry(number, conversation_id=number % 3, customer_seq=None) for number in range(9)]
    with transaction.atomic():
        rows.insert(several)
        found = rows.fetch(Entry, "conversation_id", [0, 2, 77], lock=lock)

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


def test_what_is_not_named_stays_in_the_database_until_it_is_asked_for() -> None:
    entry(1).save()

    (one,) = rows.fetch(Entry, "seq", [1], only=("kind", "recorded_at"))

    assert set(vars(one)) == {"_state", "id", "kind", "recorded_at"}
    assert (one.kind, one.recorded_at, one.actor_id) == ("journal.happened", NOON, 1)


def test_an_empty_field_comes_back_empty() -> None:
    ListenerCursor(listener="tests.a").save()

    (one,) = rows.fetch(ListenerCursor, "listener", ["tests.a"])

    assert (one.retry_at, one.stuck_id, one.gaps) == (None, None, [])


@pytest.mark.parametrize("gaps", [[[1, 2]], {"a": None, "词": [1.5, True]}, "", 2**80, "\ud800"])
def test_json_comes_back_as_django_reads_it(gaps: Any) -> None:
    if gaps == "\ud800" and connection.vendor == "postgresql":
        pytest.skip("only SQLite: PostgreSQL takes no half of a pair")
    ListenerCursor.objects.create(listener="tests.a", gaps=gaps)

    (one,) = rows.fetch(ListenerCursor, "listener", ["tests.a"])

    assert one.gaps == ListenerCursor.objects.get().gaps == gaps


def test_rows_whose_key_is_a_text_are_updated() -> None:
    several = [ListenerCursor(listener=f"tests.{name}", retry_at=NOON) for name in "abc"]
    ListenerCursor.objects.bulk_create(several)
    for place, one in enumerate(several):
        one.position, one.gaps, one.retry_at = place, [[place]], None

    with transaction.atomic():
        rows.update(several[1:], ["position", "gaps", "retry_at"])

    found = ListenerCursor.objects.filter(listener__startswith="tests.").order_by("listener")
    assert list(found.values_list("position", "gaps", "retry_at")) == [
        (0, [], NOON),
        (1, [[1]], None),
        (2, [[2]], None),
    ]


def test_a_statement_may_go_on_as_it_needs() -> None:
    several = [entry(number) for number in range(4)]
    with transaction.atomic():
        rows.insert(several)

    found = rows.select(Entry, "WHERE seq > %s ORDER BY seq DESC LIMIT %s", [0, 2])

    assert [vars(one) | {"_state": None} for one in found] == [
        vars(one) | {"_state": None} for one in Entry.objects.order_by("-seq")[:2]
    ]


def test_what_stands_behind_the_columns_of_the_table_is_left_out() -> None:
    entry(1).save()
    columns = ", ".join(f'"{field.column}"' for field in Entry._meta.concrete_fields)
    found = prepared.ask(f"SELECT {columns}, 7, 8 FROM journal_entry", [])()  # noqa: S608 - names

    (one,) = rows.made_of(Entry, found)

    assert vars(one) | {"_state": None} == vars(Entry.objects.get()) | {"_state": None}


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


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_what_is_held_is_left_out_or_waited_for_by_others_and_read_by_all() -> None:
    def found(lock: rows.Lock) -> list[int | None] | str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
                return [one.seq for one in rows.fetch(Entry, "conversation_id", [7], lock=lock)]
        except OperationalError:
            return "waited"

    def seen_by_others(lock: rows.Lock) -> list[Any]:
        with elsewhere() as others, transaction.atomic():
            rows.fetch(Entry, "seq", [1], lock=lock)
            return [others.do(lambda wanted=wanted: found(wanted)) for wanted in rows.Lock]

    entry(1).save()
    entry(2).save()

    assert seen_by_others(rows.Lock.HELD) == [[1, 2], "waited", [2]]
    assert seen_by_others(rows.Lock.IF_FREE) == [[1, 2], "waited", [2]]
    assert seen_by_others(rows.Lock.NONE) == [[1, 2]] * 3


def test_a_new_row_is_what_its_model_would_have_made() -> None:
    cursor, usual = rows.new(ListenerCursor, listener="tests.a"), ListenerCursor(listener="tests.a")
    assert vars(cursor) | {"_state": None} == vars(usual) | {"_state": None}
    assert cursor._state.adding
    assert rows.new(ListenerCursor).gaps is not rows.new(ListenerCursor).gaps

    before = now()
    letter, usual = rows.new(DeadLetter, entry_id=3, error="Gone"), DeadLetter(entry_id=3, error="Gone")
    assert before <= letter.put_aside_at <= usual.put_aside_at
    assert vars(letter) | {"_state": None, "put_aside_at": None} == vars(usual) | {
        "_state": None,
        "put_aside_at": None,
    }


def test_what_a_row_belongs_to_is_not_asked_for_once_it_was_put_in_place() -> None:
    kind = ContentType(pk=7)
    row = rows.new(Permission, content_type_id=7)

    rows.relate(row, "content_type", kind)

    assert row.content_type is kind


def test_a_misspelt_attribute_is_refused() -> None:
    with pytest.raises(TypeError, match="Entry"):
        rows.new(Entry, kind="journal.happened", customer_sq=3)


def test_what_a_row_belongs_to_is_what_was_put_in_place_or_else_what_django_finds() -> None:
    kind, other = ContentType.objects.create(app_label="tests", model="thing"), ContentType()
    one = Permission(content_type_id=kind.pk)
    found = rows.related(one, "content_type")
    rows.relate(one, "content_type", other)

    assert found == kind
    assert rows.related(one, "content_type") is other


def test_the_two_moments_of_a_doubled_hour_are_kept_apart() -> None:
    zone = ZoneInfo("Europe/Berlin")
    both = [datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=fold) for fold in (0, 1)]
    with transaction.atomic():
        rows.insert([entry(place, occurred_at=at) for place, at in enumerate(both)])

    found = [one.occurred_at for one in Entry.objects.order_by("pk")]

    assert found == [at.astimezone(UTC) for at in both]
    assert found[0] != found[1]


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="only PostgreSQL: SQLite's driver prepares by itself"
)
def test_what_is_asked_by_the_thousand_is_prepared_and_nothing_else_is() -> None:
    for _ in range(8):
        rows.fetch(Entry, "id", [1])
        list(Entry.objects.filter(pk=1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        prepared = [statement for (statement,) in cursor.fetchall()]

    assert [one for one in prepared if "journal_entry" in one and "ANY" in one]
    assert not [one for one in prepared if '"journal_entry"."id"' in one]
