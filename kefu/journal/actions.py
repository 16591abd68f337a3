"""Recording: one row for each fact, inside the transaction that makes it true."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, partial

from django.db import connection, transaction
from django.utils.timezone import now

from kefu.journal import rows
from kefu.journal.events import Event
from kefu.journal.models import Entry
from kefu.journal.recent import recent
from kefu.journal.rings import ring


class OutsideTransaction(RuntimeError):
    """A fact was recorded without the change that makes it true."""


def record(event: Event) -> Entry:
    """Write one fact; a ring goes out after commit. Raises OutsideTransaction outside atomic()."""
    return record_all([event])[0]


def record_all(events: Sequence[Event]) -> list[Entry]:
    """Write many facts with one statement, in order, and ring once after commit."""
    entries, given = _recorded(events)
    given()
    return entries


def record_all_soon(events: Sequence[Event]) -> list[Entry]:
    """The same, within `prepared.together()`; their ids are there after the commit."""
    return _recorded(events)[0]


def _recorded(events: Sequence[Event]) -> tuple[list[Entry], Callable[[], None]]:
    if not connection.in_atomic_block:
        raise OutsideTransaction("record() belongs inside the transaction that makes the event true.")
    at = now()
    entries = [entry_of(event, at) for event in events]
    # Whoever needs the ids sooner calls it first.
    given = cache(rows.insert_soon(entries))
    transaction.on_commit(partial(_passed_on, entries, given))
    return entries, given


def _passed_on(entries: Sequence[Entry], given: Callable[[], None]) -> None:
    given()
    recent.keep(entries)
    ring()


def entry_of(event: Event, at: datetime) -> Entry:
    """The unsaved row of a fact, recorded at this moment."""
    return rows.new(
        Entry,
        recorded_at=at,
        # As it comes back from the database.
        occurred_at=event.occurred_at.astimezone(UTC) if event.occurred_at else at,
        kind=event.kind,
        actor_kind=event.actor.kind,
        actor_id=event.actor.id,
        brand_id=event.brand_id,
        conversation_id=event.conversation_id,
        subject_id=event.subject_id,
        seq=event.seq,
        customer_seq=event.customer_seq,
        payload=event.payload(),
    )
