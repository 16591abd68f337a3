"""What one audience has missed of a conversation, and the newest part of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from kefu.journal.models import Entry

Audience = Literal["staff", "customer"]
COUNTERS: dict[Audience, Literal["seq", "customer_seq"]] = {"staff": "seq", "customer": "customer_seq"}


def entries_after(conversation_id: int, *, audience: Audience, seq: int, limit: int = 500) -> list[Entry]:
    """The entries that this audience counts after its own `seq`, oldest first, at most `limit`."""
    counter = COUNTERS[audience]
    entries = Entry.objects.filter(conversation_id=conversation_id, **{f"{counter}__gt": seq})
    return list(entries.order_by(counter)[:limit])


def latest(
    conversation_id: int,
    audience: Audience,
    limit: int,
    kinds: Collection[str] | None = None,
    before: int | None = None,
) -> list[Entry]:
    """The newest entries of this audience, newest first; of these kinds and before its `seq` if given."""
    counter = COUNTERS[audience]
    entries = Entry.objects.filter(conversation_id=conversation_id, **{f"{counter}__isnull": False})
    if kinds is not None:
        entries = entries.filter(kind__in=kinds)
    if before is not None:
        entries = entries.filter(**{f"{counter}__lt": before})
    return list(entries.order_by(f"-{counter}")[:limit])
