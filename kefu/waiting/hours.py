"""Working hours: open at a moment or not, until when, when next, and when a span of working time is over.

Pure: no database, no clock. Intervals are wall-clock minutes in the zone of a team. Where clocks are changed,
an interval begins the first time that the wall clock shows its opening, or what follows if it is jumped over,
and ends after the last minute whose wall clock is before its closing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = 24 * 60
MINUTE = timedelta(minutes=1)
# An interval may end on the next day but no later, so only two days back can still be open now.
LONGEST = 2 * DAY
SEARCHED_DAYS = 400
FORTNIGHT = 14


class BadInterval(ValueError):
    """Minutes that are no interval: outside the day, or backwards."""


class NeverOpen(LookupError):
    """No opening within the next four hundred days."""


@dataclass(frozen=True, order=True)
class Interval:
    """Wall-clock minutes after midnight; closing may pass 1,440: from 22:00 to 02:00 is 1320 to 1560."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not (0 <= self.opens < DAY and self.opens < self.closes <= LONGEST):
            raise BadInterval(f"{self.opens} to {self.closes} is no interval.")


class Kind(StrEnum):
    """What a dated override does to its day: nothing, other hours instead, or hours on top."""

    CLOSED = "closed"
    INSTEAD = "instead"
    EXTRA = "extra"


@dataclass(frozen=True)
class Override:
    day: date
    kind: Kind
    intervals: tuple[Interval, ...] = ()


@dataclass(frozen=True)
class Span:
    """From one moment to another, both in UTC; open at the first, closed at the second."""

    opens: datetime
    closes: datetime


Week = tuple[tuple[Interval, ...], ...]
NO_WEEK: Week = ((),) * 7


@dataclass(frozen=True)
class Hours:
    """A week (Monday first) in a zone, and what is different on certain dates."""

    zone: ZoneInfo
    week: Week = NO_WEEK
    overrides: tuple[Override, ...] = ()
    _by_day: dict[date, Override] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_day", {override.day: override for override in self.overrides})

    @property
    def is_empty(self) -> bool:
        return not any(self.week) and not any(override.intervals for override in self.overrides)

    def on(self, day: date) -> tuple[Interval, ...]:
        """The intervals that begin on a day, in order."""
        usual = self.week[day.weekday()]
        override = self._by_day.get(day)
        if override is None:
            return tuple(sorted(usual))
        if override.kind is Kind.CLOSED:
            return ()
        return tuple(
            sorted(override.intervals if override.kind is Kind.INSTEAD else usual + override.intervals)
        )

    def is_open(self, at: datetime) -> bool:
        return any(span.opens <= at < span.closes for span in self._each(at, days=1))

    def closes_at(self, at: datetime) -> datetime | None:
        """When it closes, if it is open now; None if it is closed, or open for more than a fortnight."""
        span = next(self.spans(at, days=FORTNIGHT + 1), None)
        if span is None or span.opens > at or span.closes - at > timedelta(days=FORTNIGHT):
            return None
        return span.closes

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment from now on at which it is open, which may be now; None if there is none."""
        coming = (span for span in self._each(at) if span.closes > at)
        span = next(coming, None)
        return max(span.opens, at.astimezone(UTC)) if span else None

    def due(self, start: datetime, working_time: timedelta) -> datetime:
        """The moment at which so much time has passed while open. Raises NeverOpen."""
        left = working_time
        for span in self.spans(start):
            opens = max(span.opens, start.astimezone(UTC))
            if left <= span.closes - opens:
                return opens + left
            left -= span.closes - opens
        raise NeverOpen(f"{working_time} of working time can't be found in {SEARCHED_DAYS} days.")

    def between(self, start: datetime, end: datetime) -> list[Span]:
        """The open spans between two moments, cut off at both."""
        found = []
        for span in self.spans(start):
            if span.opens >= end:
                break
            found.append(Span(max(span.opens, start.astimezone(UTC)), min(span.closes, end.astimezone(UTC))))
        return found

    def spans(self, since: datetime, *, days: int = SEARCHED_DAYS) -> Iterator[Span]:
        """Open spans that end after a moment, in order; those that touch or overlap are one."""
        now: Span | None = None
        for span in self._each(since, days=days):
            if now is None or span.opens > now.closes:
                if now and now.closes > since:
                    yield now
                now = span
            elif span.closes > now.closes:
                now = Span(now.opens, span.closes)
        if now and now.closes > since:
            yield now

    def _each(self, since: datetime, *, days: int = SEARCHED_DAYS) -> Iterator[Span]:
        """Intervals as moments, in the order of their openings, from those that may still be open."""
        if self.is_empty:
            return
        today = since.astimezone(self.zone).date()
        for away in range(-2, days + 1):
            day = today + timedelta(days=away)
            for interval in self.on(day):
                span = self._span(day, interval)
                if span.opens < span.closes:
                    yield span

    def _span(self, day: date, interval: Interval) -> Span:
        midnight = datetime.combine(day, datetime.min.time())
        opens, closes = midnight + interval.opens * MINUTE, midnight + interval.closes * MINUTE
        return Span(first_moment(opens, self.zone), end_of_minute(closes - MINUTE, self.zone))


def first_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at which the wall clock of a zone shows this time or a later one."""
    early, late = _both(wall, zone)
    # If the clock jumps over the time, its two readings lie around the jump, the wrong way round.
    return _after_the_jump(wall, zone, late, early) if late < early else early


def end_of_minute(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment after the last minute at which the wall clock shows this time or an earlier one."""
    early, late = _both(wall, zone)
    return _after_the_jump(wall, zone, late, early) if late < early else late + MINUTE


def _both(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return tuple(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))  # type: ignore[return-value]


def _after_the_jump(wall: datetime, zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    minutes = range(int((after - before) / MINUTE) + 1)
    place = bisect_left(minutes, wall, key=lambda minute: _wall(before + minute * MINUTE, zone))
    return before + place * MINUTE


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)
