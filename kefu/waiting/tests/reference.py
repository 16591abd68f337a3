"""Working hours read off the wall clock minute by minute: slow and plain, to judge the real ones by."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from kefu.waiting.hours import Hours, Kind

MINUTE = timedelta(minutes=1)
DAYS_BEFORE, DAYS_AFTER = 4, 12


@cache
def minutes(zone: str, around: date) -> list[tuple[datetime, datetime]]:
    """(moment, what the wall clock shows) for every minute around a day."""
    first = datetime.combine(around, datetime.min.time(), UTC) - timedelta(days=DAYS_BEFORE)
    moments = [first + count * MINUTE for count in range((DAYS_BEFORE + DAYS_AFTER) * 24 * 60)]
    return [(moment, moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)) for moment in moments]


def open_minutes(hours: Hours, around: date) -> list[bool]:
    """For every minute around a day, whether it is open."""
    clock = minutes(hours.zone.key, around)
    found = [False] * len(clock)
    for away in range(-DAYS_BEFORE - 2, DAYS_AFTER + 2):
        day = around + timedelta(days=away)
        for opens, closes in intervals(hours, day):
            # Open from the first minute at or past the opening to the last one before the closing.
            begins = next((place for place, (_, wall) in enumerate(clock) if wall >= opens), len(clock))
            ends = next((place for place in reversed(range(len(clock))) if clock[place][1] < closes), -1)
            for place in range(begins, ends + 1):
                found[place] = True
    return found


def intervals(hours: Hours, day: date) -> list[tuple[datetime, datetime]]:
    usual = list(hours.week[day.weekday()])
    for override in hours.overrides:
        if override.day == day and override.kind is Kind.CLOSED:
            usual = []
        elif override.day == day and override.kind is Kind.INSTEAD:
            usual = list(override.intervals)
        elif override.day == day:
            usual = usual + list(override.intervals)
    midnight = datetime.combine(day, datetime.min.time())
    return [(midnight + one.opens * MINUTE, midnight + one.closes * MINUTE) for one in usual]
