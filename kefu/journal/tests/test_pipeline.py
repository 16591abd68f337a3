"""A way to PostgreSQL that can't be left in order is given up, and the first error is what whoever asked is told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from psycopg import DatabaseError, OperationalError
from psycopg.pq import ExecStatus, PGconn

from kefu.journal import pipeline, prepared
from kefu.journal.tests.facts import only_with_a_way


@only_with_a_way
@pytest.mark.django_db(transaction=True)
def test_what_is_larger_than_any_buffer_goes_both_ways_at_once() -> None:
    words = [letter * 3_000_000 for letter in "abc"]

    with transaction.atomic(), prepared.together():
        asked = [prepared.ask("SELECT upper(%s::text)", [word]) for word in words]

    assert [one() for one in asked] == [[(word.upper(),)] for word in words]


class Stuck:
    """A connection, as libpq has it, whose answers have not all been read."""

    is_finished = False

    def enter_pipeline_mode(self) -> None: ...

    def exit_pipeline_mode(self) -> None:
        raise OperationalError("cannot exit pipeline mode")

    def finish(self) -> None:
        self.is_finished = True


def answered(pgconn: Any, *statuses: ExecStatus) -> None:
    """As if these had been the answers."""
    unconnected = PGconn.connect_start(b"host=127.0.0.1 port=1")
    answers = [[unconnected.make_empty_result(status)] for status in statuses]
    connection = SimpleNamespace(wait=lambda _: answers, info=SimpleNamespace(encoding="utf-8"))
    pipeline._answered(connection, pgconn, [])


def test_a_connection_that_stays_in_the_pipeline_is_closed() -> None:
    stuck = Stuck()

    with pytest.raises(OperationalError, match="cannot exit"):
        answered(stuck, ExecStatus.TUPLES_OK)

    assert stuck.is_finished


def test_what_failed_before_is_told_rather_than_that_it_is_stuck() -> None:
    stuck = Stuck()

    with pytest.raises(DatabaseError) as told:
        answered(stuck, ExecStatus.TUPLES_OK, ExecStatus.FATAL_ERROR)

    assert "cannot exit" not in str(told.value)
    assert stuck.is_finished
