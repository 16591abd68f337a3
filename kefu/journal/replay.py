"""What one audience has missed of a conversation, and the newest part of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from kefu.journal.models import Entry

Audience = Literal["staff", "customer"]
COUNTERS: dict[Audience, Literal["seq", "customer_seq"]] = {"staff": "seq", "customer": "customer_seq"}

# Both counters go the same way, and the customer's is never ahead; so `seq`, which has an index, orders and bounds for both.


def entries_after(conversation_id: int, *, audience: Audience, seq: int, limit: int = 500) -> list[Entry]:
    """The entries that this audience counts after its own `seq`, oldest first, at most `limit`."""
    entries = Entry.objects.filter(conversation_id=conversation_id, seq__gt=seq)
    if audience == "customer":
        entries = entries.filter(customer_seq__gt=seq)
    return list(entries.order_by("seq")[:limit])


def latest(
    conversation_id: int,
    audience: Audience,
    limit: int,
    kinds: Collection[str] | None = None,
    *,
    before: int | None = None,
    apart: int | None = None,
) -> list[Entry]:
    """The newest entries of this audience, newest first; of these kinds and before its `seq` if given.

    `apart` is by how much the conversation's two counters differ now: a customer's look far back need not read all since.
    """
    counter = COUNTERS[audience]
    entries = Entry.objects.filter(conversation_id=conversation_id, **{f"{counter}__isnull": False})
    if kinds is not None:
        entries = entries.filter(kind__in=kinds)
    if before is not None:
        entries = entries.filter(**{f"{counter}__lt": before})
        if apart is not None:
            entries = entries.filter(seq__lt=before + apart)
    return list(entries.order_by("-seq")[:limit])
