"""Two who come at the same moment: the second waits for what the first has locked, and then finds things changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

import pytest
from django.db import connection, transaction

from kefu.journal.tests.facts import DEADLINE, wait_until

Outcome = TypeVar("Outcome")
only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="only PostgreSQL: SQLite has one writer, so nobody comes between",
)


def once_it_waits(
    first: Callable[[], object], second: Callable[[], Outcome], then: Callable[[], object] = lambda: None
) -> Outcome:
    """What comes of the second, which waits for the first's locks; `then` is done in the first's transaction meanwhile."""
    outcome: Future[Outcome] = Future()
    known_as: SimpleQueue[int] = SimpleQueue()

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            known_as.put(cursor.fetchone()[0])
        try:
            outcome.set_result(second())
        except Exception as problem:  # noqa: BLE001 - whoever asks for the outcome gets it
            outcome.set_exception(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        process = known_as.get(timeout=DEADLINE)
        wait_until(lambda: outcome.done() or _waits(process))
        assert not outcome.done(), "It did not wait."
        then()
    thread.join(DEADLINE)
    return outcome.result(timeout=DEADLINE)


def _waits(process: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [process])
        return bool(cursor.fetchone()[0])
