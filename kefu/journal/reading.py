"""One query for what is new and what turned up late, with the snapshot it was seen in."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import Error, connection
from django.db.models import Max

from kefu.journal import prepared, rows
from kefu.journal.models import Entry
from kefu.journal.place import Gap, Moment, Place

COLUMNS = ", ".join(f"entry.{field.column}" for field in Entry._meta.concrete_fields)
# One statement is one snapshot: the rows, and the transactions that were running when they were seen. The
# left join gives one row without an entry when there is nothing new.
QUERY = f"""
SELECT {COLUMNS},
       pg_snapshot_xmin(snapshot)::text::bigint AS horizon,
       pg_snapshot_xmax(snapshot)::text::bigint AS ceiling
FROM pg_current_snapshot() AS snapshot LEFT JOIN (
    SELECT late.* FROM unnest(%s::bigint[], %s::bigint[]) AS gap(first, last)
        JOIN journal_entry AS late ON late.id BETWEEN gap.first AND gap.last
    UNION ALL
    (SELECT * FROM journal_entry WHERE id > %s ORDER BY id LIMIT %s)
    ORDER BY id LIMIT %s
) AS entry ON true ORDER BY entry.id
"""  # noqa: S608 - nothing but our own column names
# Transactions that are running when a reader begins have ids among the last so many.
LOOK_BACK = 10_000
PRESENT = """
SELECT pg_snapshot_xmax(snapshot)::text::bigint, last.id, gap.before + 1, gap.id - 1
FROM pg_current_snapshot() AS snapshot
CROSS JOIN (SELECT coalesce(max(id), 0) AS id FROM journal_entry) AS last
LEFT JOIN LATERAL (
    SELECT id, lag(id, 1, greatest(last.id - %s, 0)) OVER (ORDER BY id) AS before
    FROM journal_entry WHERE id BETWEEN last.id - %s + 1 AND last.id
) AS gap ON gap.id > gap.before + 1
"""


@dataclass(frozen=True)
class Batch:
    """Entries by ascending id; `is_whole` says that nothing was left for the next time."""

    entries: Sequence[Entry]
    moment: Moment
    is_whole: bool


def read(place: Place, *, gaps: Sequence[Gap], limit: int) -> Batch:
    """What is new behind the place's cursor and in these gaps of it, at most `limit` entries."""
    if prepared.vendor() != "postgresql":
        entries = rows.select(Entry, "WHERE id > %s ORDER BY id LIMIT %s", [place.cursor, limit])
        return Batch(entries, Moment(at=time.time()), is_whole=len(entries) < limit)
    firsts, lasts = [gap.first for gap in gaps], [gap.last for gap in gaps]
    found = prepared.ask(QUERY, [firsts, lasts, place.cursor, limit, limit])()
    *_, horizon, ceiling = found[0]
    moment = Moment(at=time.time(), horizon=horizon, ceiling=ceiling)
    entries = rows.made_of(Entry, [row for row in found if row[0] is not None])
    return Batch(entries, moment, is_whole=len(entries) < limit)


def present_place() -> Place:
    """The end of the journal, with gaps for transactions that may be under way just now.

    A snapshot does not know of those whose numbers are above all that have ended, so every missing id is a gap.
    """
    if connection.vendor != "postgresql":
        return Place(Entry.objects.aggregate(last=Max("id"))["last"] or 0)
    with connection.cursor() as cursor:
        cursor.execute(PRESENT, [LOOK_BACK, LOOK_BACK])
        found = cursor.fetchall()
    ceiling, last, *_ = found[0]
    seen_at = time.time()
    gaps = [Gap(first, until, ceiling, seen_at) for *_, first, until in found if first is not None]
    return Place(last, tuple(gaps))


def close_quietly() -> None:
    """Give up this thread's connection after an error, so that the next query opens a new one."""
    try:
        connection.close()
    except (Error, OSError):
        connection.connection = None
