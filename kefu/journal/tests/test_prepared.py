"""Statements that go together: in order, all or none, and a connection that is fit for use afterwards."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import (
    DataError,
    IntegrityError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from kefu.journal import prepared
from kefu.journal.tests.facts import elsewhere, only_with_a_way, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
only_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="only SQLite: elsewhere no writer waits in a line"
)
ADD = "INSERT INTO marks (id, word) VALUES (%s, %s)"
ALL = "SELECT id, word FROM marks WHERE id >= %s ORDER BY id"


@pytest.fixture(autouse=True)
def _marks() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE marks (id bigint PRIMARY KEY, word varchar(20) NOT NULL)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE marks")


def marks() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, word FROM marks ORDER BY id")
        return list(cursor.fetchall())


def known_to_the_server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return len([statement for (statement,) in cursor.fetchall() if "marks" in statement])


def add_together(*several: tuple[int, str]) -> None:
    with transaction.atomic(), prepared.together():
        for one in several:
            prepared.do(ADD, one)


def test_what_goes_together_is_done_in_its_order() -> None:
    with transaction.atomic(), prepared.together():
        prepared.do(ADD, [1, "甲"])
        first = prepared.ask(ALL, [0])
        prepared.do(ADD, [2**40, "乙 %s '\\"])
        second = prepared.ask(ALL, [0])

    assert first() == [(1, "甲")]
    assert second() == [(1, "甲"), (2**40, "乙 %s '\\")]


def test_rows_that_are_needed_within_come_with_all_that_was_asked_before() -> None:
    with transaction.atomic(), prepared.together():
        prepared.do(ADD, [1, "甲"])
        assert prepared.ask(ALL, [0])() == [(1, "甲")]
        prepared.do(ADD, [2, "乙"])

    assert marks() == [(1, "甲"), (2, "乙")]


def test_what_is_asked_within_a_part_goes_with_the_whole() -> None:
    with transaction.atomic(), prepared.together():
        prepared.do(ADD, [1, "甲"])
        with prepared.together():
            asked = prepared.ask(ALL, [0])
        prepared.do(ADD, [2, "乙"])

    assert asked() == [(1, "甲")]
    assert marks() == [(1, "甲"), (2, "乙")]


def test_if_one_fails_none_has_done_anything_and_the_next_works() -> None:
    with pytest.raises(IntegrityError):
        add_together((1, "甲"), (1, "again"), (2, "乙"))
    assert marks() == []

    add_together((3, "丙"))
    assert marks() == [(3, "丙")]


def test_a_transaction_that_begins_with_it_is_taken_back_as_a_whole() -> None:
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        prepared.do(ADD, [1, "甲"])
        prepared.do(ADD, [2, "乙"])
        raise ZeroDivisionError

    assert marks() == []


def test_outside_of_a_transaction_each_is_done_by_itself() -> None:
    prepared.do(ADD, [1, "甲"])
    found = prepared.ask(ALL, [0])

    assert found() == [(1, "甲")]
    assert not connection.in_atomic_block


def test_whoever_stands_between_sees_each() -> None:
    seen: list[Any] = []

    def between(execute: Callable[..., Any], query: str, parameters: Any, *rest: Any) -> Any:
        seen.append((query, parameters))
        return execute(query, parameters, *rest)

    with transaction.atomic(), connection.execute_wrapper(between), prepared.together():
        prepared.do(ADD, [1, "甲"])
        found = prepared.ask(ALL, [0])

    assert found() == [(1, "甲")]
    assert [one for one in seen if "marks" in one[0]] == [(ADD, [1, "甲"]), (ALL, [0])]


def test_nothing_is_asked_where_the_transaction_has_failed_already() -> None:
    for ask in (prepared.ask, prepared.do):
        with transaction.atomic():
            transaction.set_rollback(True)
            with pytest.raises(TransactionManagementError):
                ask(ALL, [0])


@only_sqlite
@pytest.mark.parametrize("add", [prepared.do, prepared.ask, prepared.insert_in_sqlite])
def test_outside_of_a_transaction_a_writer_waits_in_line(add: Callable[[str, Any], object]) -> None:
    def write() -> None:
        add(ADD, [2, "乙"])
        connection.close()

    line = connection.line  # type: ignore[attr-defined] # It is our backend's.
    with elsewhere() as others:
        others.do(lambda: prepared.do(ADD, [1, "甲"]))
        writing = threading.Thread(target=write)
        writing.start()
        wait_until(lambda: len(line._others) == 1)
        others.commit()
        writing.join()

    assert marks() == [(1, "甲"), (2, "乙")]


@only_sqlite
def test_where_there_is_no_way_to_go_none_is_opened() -> None:
    with prepared.together():
        assert prepared._here.line is None


@only_sqlite
def test_a_row_that_is_inserted_tells_its_id_watched_or_not() -> None:
    with transaction.atomic():
        assert prepared.insert_in_sqlite(ADD, [7, "甲"]) == 1
        with CaptureQueriesContext(connection) as asked:
            assert prepared.insert_in_sqlite(ADD, [8, "乙"]) == 2

    assert len(asked.captured_queries) == 1


def test_in_a_savepoint_what_was_before_it_stays() -> None:
    with transaction.atomic():
        prepared.do(ADD, [1, "甲"])
        with pytest.raises(IntegrityError), transaction.atomic(), prepared.together():
            prepared.do(ADD, [1, "again"])
        prepared.do(ADD, [2, "乙"])

    assert marks() == [(1, "甲"), (2, "乙")]


def test_a_caller_who_fails_sends_nothing_more() -> None:
    kept = []
    with contextlib.suppress(ZeroDivisionError), prepared.together():
        prepared.do(ADD, [1, "甲"])
        kept.append(prepared.ask(ALL, [9]))
        raise ZeroDivisionError
    if connection.vendor == "postgresql":
        with pytest.raises(RuntimeError, match="fetched once"):
            kept[0]()

    add_together((2, "乙"))
    assert (2, "乙") in marks()
    if connection.vendor == "postgresql":
        assert marks() == [(2, "乙")]


def test_those_that_are_written_down_go_one_by_one() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as asked, prepared.together():
        prepared.do(ADD, [1, "甲"])
        found = prepared.ask(ALL, [0])

    assert found() == [(1, "甲")]
    assert len(asked.captured_queries) == 2


@only_with_a_way
def test_each_is_prepared_once_a_connection() -> None:
    for number in range(3):
        with prepared.together():
            prepared.do(ADD, [number, "甲"])
            prepared.ask(ALL, [0])
            prepared.ask(ALL, [1])

    assert known_to_the_server() == 2


@only_with_a_way
def test_what_others_prepared_stays_and_is_not_touched() -> None:
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("PREPARE theirs AS SELECT 1")

    prepared.ask(ALL, [0])

    with connection.cursor() as cursor:
        cursor.execute("EXECUTE theirs")
        assert cursor.fetchone() == (1,)


@only_with_a_way
def test_a_transaction_begins_once_and_the_server_has_nothing_to_say() -> None:
    said: list[str | None] = []
    connection.connection.add_notice_handler(lambda notice: said.append(notice.message_primary))

    with transaction.atomic():
        prepared.do(ADD, [1, "甲"])
        prepared.do(ADD, [2, "乙"])
    prepared.ask(ALL, [0])

    assert said == []


@only_with_a_way
def test_a_connection_that_was_closed_or_has_died_is_opened_again() -> None:
    connection.close()
    assert prepared.ask(ALL, [0])() == []

    connection.health_check_enabled, connection.health_check_done = True, False
    pid = connection.connection.info.backend_pid
    with elsewhere() as others:
        others.do(lambda: prepared.ask("SELECT pg_terminate_backend(%s)", [pid]))
    assert prepared.ask(ALL, [0])() == []


@only_with_a_way
def test_a_part_without_a_savepoint_belongs_to_its_transaction() -> None:
    with transaction.atomic(), prepared.together():
        prepared.do(ADD, [1, "甲"])
        with transaction.atomic(savepoint=False):
            assert prepared.ask(ALL, [0])() == [(1, "甲")]


@only_with_a_way
def test_who_is_interrupted_while_waiting_leaves_no_answers_for_others(monkeypatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(connection.connection, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepared.ask(ALL, [0])

    assert connection.connection.closed
    connection.close()
    assert prepared.ask(ALL, [0])() == []


@only_with_a_way
def test_a_table_that_changed_is_refused_once_and_prepared_anew() -> None:
    everything = "SELECT * FROM marks WHERE id >= %s"
    prepared.do(ADD, [1, "甲"])
    assert prepared.ask(everything, [0])() == [(1, "甲")]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE marks ADD COLUMN more integer")

    with pytest.raises(NotSupportedError), transaction.atomic():
        prepared.ask(everything, [0])
    assert prepared.ask(everything, [0])() == [(1, "甲", None)]

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE marks DROP COLUMN more")
    with pytest.raises(NotSupportedError):
        prepared.ask(everything, [0])
    assert prepared.ask(everything, [0])() == [(1, "甲")]
    assert known_to_the_server() == 1


@only_with_a_way
def test_a_connection_that_is_cut_is_an_operational_error_and_the_next_is_another() -> None:
    with pytest.raises(OperationalError), transaction.atomic():
        prepared.ask("SELECT pg_terminate_backend(pg_backend_pid())", [])

    assert prepared.ask(ALL, [0])() == []


@only_with_a_way
def test_rows_are_fetched_once_and_not_after_a_failure() -> None:
    once = prepared.ask(ALL, [0])
    assert once() == []
    with pytest.raises(RuntimeError, match="fetched once"):
        once()

    kept = []
    with contextlib.suppress(DataError), transaction.atomic(), prepared.together():
        kept.append(prepared.ask(ALL, [0]))
        prepared.do(ADD, [1, "too long for the column"])
    with pytest.raises(RuntimeError, match="after it failed"):
        kept[0]()


@only_with_a_way
def test_what_no_buffer_holds_arrives_whole() -> None:
    long = "长" * 15_000_000

    with prepared.together():
        before = prepared.ask(ALL, [0])
        asked = prepared.ask("SELECT length(%s::text)", [long])

    assert before() == []
    assert asked() == [(len(long),)]


@only_with_a_way
def test_what_was_prepared_stays_prepared_where_another_statement_fails() -> None:
    prepared.do(ADD, [1, "甲"])
    with contextlib.suppress(IntegrityError), transaction.atomic():
        prepared.do(ADD, [1, "again"])
    with contextlib.suppress(UnicodeEncodeError), prepared.together():
        prepared.ask(ALL, [0])
        prepared.do(ADD, [2, "\ud800"])
    assert prepared.ask(ALL, [0])() == [(1, "甲")]
    prepared.do(ADD, [2, "乙"])

    assert known_to_the_server() == 2


@only_with_a_way
def test_what_waits_for_another_transaction_is_refused() -> None:
    with (
        pytest.raises(RuntimeError, match="within one transaction"),
        prepared.together(),
        transaction.atomic(),
    ):
        prepared.do(ADD, [1, "甲"])
    assert marks() == []


@only_with_a_way
def test_what_somebody_else_dropped_is_prepared_anew() -> None:
    prepared.do(ADD, [1, "甲"])
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")

    with pytest.raises(ProgrammingError):
        prepared.do(ADD, [2, "乙"])
    prepared.do(ADD, [3, "丙"])
    assert marks() == [(1, "甲"), (3, "丙")]


@only_with_a_way
def test_a_sign_of_its_own_is_no_place() -> None:
    prepared.do(ADD, [1, "七成"])

    assert prepared.ask("SELECT word, 7 %% %s::integer FROM marks WHERE word LIKE '七%%'", [4])() == [
        ("七成", 3)
    ]


@only_with_a_way
def test_the_server_plans_a_statement_once_whatever_its_values() -> None:
    many = "SELECT id FROM marks WHERE id = ANY(%s::bigint[])"
    for number in range(1, 12):
        with transaction.atomic():
            prepared.ask(many, [list(range(number))])()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s",
            ["%marks WHERE id = ANY%"],
        )
        assert cursor.fetchall() == [(11, 0)]
