"""Whether the chat is open now, until when, and when next, from the teams' hours and who is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from kefu.accounts.models import Agent, Team
from kefu.brands.models import Brand
from kefu.waiting.hours import NO_WEEK, Hours, Span
from kefu.waiting.models import DatedOverride, WeeklyHours

Openness = Literal["open", "unstaffed", "closed"]


@dataclass(frozen=True)
class ChatState:
    """`unstaffed` is within hours with nobody there. Times are in UTC; the hours are kept in `zone`."""

    kind: Openness
    closes_at: datetime | None
    next_opening: datetime | None
    zone: str

    @property
    def changes_at(self) -> datetime | None:
        """The next opening or closing that is known."""
        return self.next_opening if self.kind == "closed" else self.closes_at


def chat_state(brand: Brand, at: datetime | None = None) -> ChatState:
    """Open if a team that answers a topic of this brand has hours now and somebody available."""
    at = at or now()
    teams = chat_teams(brand)
    hours = hours_of_teams(teams)
    serving = [team for team in teams if hours[team.pk].is_open(at)]
    if not serving:
        openings = [opening for one in hours.values() if (opening := one.next_opening(at))]
        return ChatState("closed", None, min(openings, default=None), zone_of(brand, teams))
    kind: Openness = (
        "open" if any(Agent.objects.available_in(team).exists() for team in serving) else "unstaffed"
    )
    closings = [hours[team.pk].closes_at(at) for team in serving]
    closes_at = None if None in closings else max(closing for closing in closings if closing)
    return ChatState(kind, closes_at, None, zone_of(brand, serving))


def chat_teams(brand: Brand) -> list[Team]:
    """The teams that the brand's topics name."""
    return list(Team.objects.filter(topics__brand=brand).distinct().order_by("pk"))


def chat_spans(brand: Brand, since: datetime, *, days: int) -> list[Span]:
    """When the chat is open in the coming days, whichever team serves it."""
    end = since + timedelta(days=days)
    hours = hours_of_teams(chat_teams(brand)).values()
    spans = sorted((span for one in hours for span in one.between(since, end)), key=lambda span: span.opens)
    joined: list[Span] = []
    for span in spans:
        if joined and span.opens <= joined[-1].closes:
            joined[-1] = Span(joined[-1].opens, max(joined[-1].closes, span.closes))
        else:
            joined.append(span)
    return joined


def hours_of(team: Team) -> Hours:
    return hours_of_teams([team])[team.pk]


def hours_of_teams(teams: Iterable[Team]) -> dict[int, Hours]:
    """Each team's hours by its id; two questions to the database for all of them."""
    teams = list(teams)
    weekly = list(WeeklyHours.objects.of_teams(teams))
    yesterday = (now() - timedelta(days=3)).date()
    dated = list(DatedOverride.objects.of_teams(teams).from_day(yesterday))
    return {team.pk: _hours(team, weekly, dated) for team in teams}


def _hours(team: Team, weekly: list[WeeklyHours], dated: list[DatedOverride]) -> Hours:
    week = [list(day) for day in NO_WEEK]
    for row in weekly:
        if row.team_id == team.pk:
            week[row.weekday].append(row.interval)
    overrides = tuple(row.override for row in dated if row.team_id == team.pk)
    return Hours(ZoneInfo(team.zone), tuple(tuple(day) for day in week), overrides)


def zone_of(brand: Brand, teams: list[Team]) -> str:
    """The zone that the teams share, else the brand's."""
    zones = {team.zone for team in teams}
    return zones.pop() if len(zones) == 1 else brand.zone
