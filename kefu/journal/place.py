"""How far a reader of the journal is, and which ids may still turn up behind it.

Ids are given when a row is written and seen when its transaction commits, so on PostgreSQL a lower id can
turn up after a higher one. A missing id is remembered as a gap together with the snapshot's xmax of that
moment: whoever was given the id has a transaction below it (facts are never the first write of their
transaction). The gap is dropped when a later snapshot's xmin has reached that xmax and still nobody has seen
the id: then its transaction has ended without it. Nothing waits for a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

# A missing id is asked for each round while it is young; later, when something else must be keeping the
# horizon back, once a second.
YOUNG_FOR = 10.0
ASKED_EVERY = 1.0
# A transaction needs its number before its entry's id; these seconds forgive one that has it just after.
KEPT_FOR = 5.0
# No transaction of ours lasts a day, but numbers from before a restored backup could keep a gap for ever.
FORGOTTEN_AFTER = 86_400.0


@dataclass(frozen=True, slots=True)
class Moment:
    """What the database said when it was asked: our clock in seconds, and the snapshot's xmin and xmax.

    A database with one writer shows ids in order; there the ceiling is 0 and nothing is ever missing.
    """

    at: float
    horizon: int = 0
    ceiling: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """Ids from first to last, missing when transactions below `ceiling` could still commit them."""

    first: int
    last: int
    ceiling: int
    seen_at: float

    def is_over(self, moment: Moment) -> bool:
        age = moment.at - self.seen_at
        return age > FORGOTTEN_AFTER or (moment.horizon >= self.ceiling and age >= KEPT_FOR)

    def without(self, entry_id: int) -> tuple[Gap, ...]:
        halves = (replace(self, last=entry_id - 1), replace(self, first=entry_id + 1))
        return tuple(half for half in halves if half.first <= half.last)


@dataclass(frozen=True, slots=True)
class Place:
    """Everything up to `cursor` is taken, but for the gaps."""

    cursor: int = 0
    gaps: tuple[Gap, ...] = ()

    def wants(self, entry_id: int) -> bool:
        return entry_id > self.cursor or any(gap.first <= entry_id <= gap.last for gap in self.gaps)

    def take(self, entry_id: int, moment: Moment) -> Place:
        """The place after this entry; ids skipped on the way become a gap of this moment."""
        if entry_id == self.cursor + 1 or (entry_id > self.cursor and not moment.ceiling):
            return Place(entry_id, self.gaps)
        if entry_id > self.cursor:
            skipped = Gap(self.cursor + 1, entry_id - 1, moment.ceiling, moment.at)
            return Place(entry_id, (*self.gaps, skipped))
        return Place(self.cursor, self._filled(entry_id))

    def take_all(self, entry_ids: Sequence[int], moment: Moment) -> Place:
        """The place after these, which ascend."""
        if entry_ids and self._is_next(entry_ids, moment):
            return Place(entry_ids[-1], self.gaps)
        place = self
        for entry_id in entry_ids:
            place = place.take(entry_id, moment)
        return place

    def _is_next(self, entry_ids: Sequence[int], moment: Moment) -> bool:
        """Whether they leave no gap behind and fill none, as mostly."""
        if not moment.ceiling:
            return entry_ids[0] > self.cursor
        return entry_ids[0] == self.cursor + 1 and entry_ids[-1] == self.cursor + len(entry_ids)

    def settle(self, moment: Moment) -> Place:
        """The place without the gaps that are over; only when this moment's rows of every gap were taken."""
        if not any(gap.is_over(moment) for gap in self.gaps):
            return self
        return Place(self.cursor, tuple(gap for gap in self.gaps if not gap.is_over(moment)))

    def to_ask(self, *, asked_at: float, at: float) -> tuple[Gap, ...]:
        """The gaps to ask for now, when all were last asked for at `asked_at`."""
        if at - asked_at >= ASKED_EVERY:
            return self.gaps
        return tuple(gap for gap in self.gaps if at - gap.seen_at < YOUNG_FOR)

    def _filled(self, entry_id: int) -> tuple[Gap, ...]:
        gaps: list[Gap] = []
        for gap in self.gaps:
            gaps += gap.without(entry_id) if gap.first <= entry_id <= gap.last else (gap,)
        return tuple(gaps)


def gaps_as_json(gaps: Iterable[Gap]) -> list[list[Any]]:
    return [[gap.first, gap.last, gap.ceiling, gap.seen_at] for gap in gaps]


def gaps_from_json(rows: Iterable[list[Any]]) -> tuple[Gap, ...]:
    return tuple(Gap(*row) for row in rows)
