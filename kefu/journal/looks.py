"""Audit only: who looked at whose conversation, once a quarter of an hour, outside every counter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.db import connection, transaction
from django.utils.timezone import now

from kefu.journal.actions import entry_of
from kefu.journal.actor import Actor
from kefu.journal.events import Event
from kefu.journal.models import LOOKED, Entry

QUARTER = timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Looked(Event, frozen=True, kw_only=True):
    """Somebody opened a conversation; `occurred_at` is the start of that quarter of an hour."""

    kind: ClassVar[str] = LOOKED


def record_look(*, viewer: Actor, conversation_id: int, brand_id: int | None = None) -> None:
    """Write down that the viewer has looked; looking again in the same quarter of an hour writes nothing.

    It needs no transaction of the caller's and rings nobody.
    """
    at = now()
    quarter = at - (at - EPOCH) % QUARTER
    look = Looked(actor=viewer, conversation_id=conversation_id, brand_id=brand_id, occurred_at=quarter)
    if _is_known(look, quarter):
        return
    with transaction.atomic():
        _take_a_number()
        Entry.objects.bulk_create([entry_of(look, at)], ignore_conflicts=True)


def _is_known(look: Looked, quarter: datetime) -> bool:
    return Entry.objects.filter(
        kind=LOOKED,
        conversation_id=look.conversation_id,
        actor_kind=look.actor.kind,
        actor_id=look.actor.id,
        occurred_at=quarter,
    ).exists()


def _take_a_number() -> None:
    # The entry is the first write here, and a transaction must have its number before the entry has its id:
    # see place.py.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
