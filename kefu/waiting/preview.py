"""What customers would see if hours were as they are typed: open now or not, the next opening, the coming days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from kefu.accounts.models import Team
from kefu.waiting.days import DAYS_SHOWN, Day, coming_days, start_of_day
from kefu.waiting.hours import NO_WEEK, Hours, Interval
from kefu.waiting.state import hours_of


@dataclass(frozen=True)
class Preview:
    """Moments in UTC; `days` are those of the team's zone."""

    is_open: bool
    closes_at: datetime | None
    next_opening: datetime | None
    days: Sequence[Day]


def preview_of(team: Team, week: Mapping[int, Sequence[Interval]]) -> Preview:
    """This week with the dates that differ as they are stored."""
    stored, at, zone = hours_of(team), now(), ZoneInfo(team.zone)
    typed = tuple(tuple(week.get(day, ())) for day in range(len(NO_WEEK)))
    hours = Hours(zone, typed, stored.overrides)
    is_open = hours.is_open(at)
    spans = list(hours.spans(start_of_day(at, zone), days=DAYS_SHOWN + 1))
    return Preview(
        is_open=is_open,
        closes_at=hours.closes_at(at) if is_open else None,
        next_opening=None if is_open else hours.next_opening(at),
        days=coming_days(spans, zone, at),
    )
