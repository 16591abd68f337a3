"""Facts for the journal's own tests, and a second connection in a thread that does as it is told."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction

from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM
from kefu.journal.events import Event
from kefu.journal.models import Entry

DEADLINE = 10.0
only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL: on SQLite ids are seen in order"
)
only_with_a_way = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="only PostgreSQL: SQLite has no way to go, and prepares by itself",
)


class Happened(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "journal.tested"


class Ignored(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "journal.ignored"


def happen(kind: type[Event] = Happened, **values: Any) -> Entry:
    with transaction.atomic():
        return record(kind(actor=SYSTEM, **values))


def wait_until(is_true: Callable[[], bool], *, seconds: float = DEADLINE) -> None:
    ends_at = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < ends_at, "it never came true"
        time.sleep(0.01)


class Elsewhere:
    """A thread with its own connection, in a transaction of its own."""

    def __init__(self) -> None:
        self.orders: queue.Queue[Callable[[], Any] | None] = queue.Queue()
        self.answers: queue.Queue[Any] = queue.Queue()
        self.rolls_back = False
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def do(self, order: Callable[[], Any]) -> Any:
        self.orders.put(order)
        return self.answers.get(timeout=DEADLINE)

    def record(self, **values: Any) -> int:
        """Record in the open transaction, which has written something before."""
        entry = self.do(lambda: _write_and_record(values))
        return int(entry.pk)

    def commit(self) -> None:
        self.orders.put(None)
        self.thread.join(DEADLINE)

    def roll_back(self) -> None:
        self.rolls_back = True
        self.commit()

    def _work(self) -> None:
        with transaction.atomic():
            while order := self.orders.get(timeout=DEADLINE * 3):
                self.answers.put(order())
            transaction.set_rollback(self.rolls_back)
        connection.close()


def _write_and_record(values: dict[str, Any]) -> Entry:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
    return record(Happened(actor=SYSTEM, **values))


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    made = Elsewhere()
    try:
        yield made
    finally:
        if made.thread.is_alive():
            made.roll_back()
