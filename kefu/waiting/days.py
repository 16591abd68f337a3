"""Open spans read as days of a calendar: clock times, a strip of hours, and the week in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import groupby

from django.utils.translation import gettext

from kefu.ui.moments import weekday
from kefu.waiting.hours import Span

DAYS_SHOWN = 7
HOUR = timedelta(hours=1)
HALF_AN_HOUR = timedelta(minutes=30)
MIDNIGHT = "24:00"


@dataclass(frozen=True)
class Day:
    """One date in a zone. `hours` are pairs of clock times; `strip` says for each hour whether it is open."""

    on: date
    hours: tuple[tuple[str, str], ...]
    strip: tuple[bool, ...]

    @property
    def weekday(self) -> str:
        return weekday(self.on)

    @property
    def text(self) -> str:
        """`09:00–12:00, 13:00–18:00`, or nothing when it is closed."""
        return gettext(", ").join(f"{opens}–{closes}" for opens, closes in self.hours)


def coming_days(
    spans: Sequence[Span], zone: tzinfo, since: datetime, *, count: int = DAYS_SHOWN
) -> list[Day]:
    """So many days from today on, today whole, as they are in a zone."""
    today = since.astimezone(zone).date()
    return [_day(spans, zone, today + timedelta(days=away)) for away in range(count)]


def start_of_day(at: datetime, zone: tzinfo) -> datetime:
    return datetime.combine(at.astimezone(zone).date(), datetime.min.time(), zone)


def _day(spans: Sequence[Span], zone: tzinfo, on: date) -> Day:
    begins = datetime.combine(on, datetime.min.time(), zone).astimezone(UTC)
    ends = datetime.combine(on + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)
    inside = [
        Span(max(span.opens, begins), min(span.closes, ends))
        for span in spans
        if span.opens < ends and span.closes > begins
    ]
    hours = tuple(
        (_clock(span.opens, zone), MIDNIGHT if span.closes == ends else _clock(span.closes, zone))
        for span in inside
    )
    # A day of 23 or 25 hours has 24 cells too: hours after midnight.
    strip = tuple(_is_mostly_open(inside, begins + hour * HOUR) for hour in range(24))
    return Day(on, hours, strip)


def _clock(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _is_mostly_open(spans: Sequence[Span], hour: datetime) -> bool:
    end = hour + HOUR
    covered = sum(
        (max(min(span.closes, end) - max(span.opens, hour), timedelta()) for span in spans), timedelta()
    )
    return covered >= HALF_AN_HOUR


def in_one_line(days: Sequence[Day]) -> str:
    """`Mon to Fri 09:00–21:00; Sat 10:00–18:00`, by weekday from Monday; nothing when no day is open."""
    week = sorted(days, key=lambda day: day.on.weekday())
    groups = [list(group) for _, group in groupby(week, key=lambda day: day.hours)]
    return gettext("; ").join(f"{_days(group)} {group[0].text}" for group in groups if group[0].hours)


def _days(group: Sequence[Day]) -> str:
    first, last = group[0].weekday, group[-1].weekday
    return first if len(group) == 1 else gettext("%(first)s to %(last)s") % {"first": first, "last": last}
