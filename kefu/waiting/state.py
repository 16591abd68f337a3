"""Whether the chat is open now, until when, and when next, from the teams' hours and who is there; and other ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from kefu.accounts.models import Agent, Team
from kefu.brands.models import Brand
from kefu.safety.models import OfficialWay
from kefu.waiting.hours import NO_WEEK, Hours, Interval, Kind, Override, Span
from kefu.waiting.models import DatedOverride, WeeklyHours
from kefu.waiting.together import Together

Openness = Literal["open", "unstaffed", "closed"]


@dataclass(frozen=True)
class ChatState:
    """`unstaffed` is within hours with nobody there. Times are in UTC; the hours are kept in `zone`."""

    kind: Openness
    closes_at: datetime | None
    next_opening: datetime | None
    zone: str


@dataclass(frozen=True)
class ChatHours:
    """A brand's chat as its teams keep it: loaded once, then asked as often as a page needs."""

    brand: Brand
    teams: list[Team]
    hours: dict[int, Hours]

    def state(self, at: datetime) -> ChatState:
        """Open if a team has hours now and somebody available."""
        serving = [team for team in self.teams if self.hours[team.pk].is_open(at)]
        if not serving:
            openings = [opening for one in self.hours.values() if (opening := one.next_opening(at))]
            return ChatState("closed", None, min(openings, default=None), zone_of(self.brand, self.teams))
        is_staffed = any(Agent.objects.available_in(team).exists() for team in serving)
        # The next shift may follow without a gap, in whichever team.
        closes_at = self.together.closes_at(at)
        return ChatState("open" if is_staffed else "unstaffed", closes_at, None, zone_of(self.brand, serving))

    @property
    def together(self) -> Together:
        return Together(tuple(self.hours.values()))

    def spans(self, since: datetime, *, days: int) -> list[Span]:
        """When the chat is open in the coming days, whichever team serves it."""
        return self.together.spans(since, days=days)

    def of_way(self, way: OfficialWay) -> Together:
        """When another way is answered: in its own hours, but not on dates on which every team is away; else in ours."""
        if not way.week:
            return self.together
        week = [list(day) for day in NO_WEEK]
        for weekday, opens, closes in way.week:
            week[weekday].append(Interval(opens, closes))
        closed = tuple(Override(day, Kind.CLOSED) for day in sorted(self.together.closed_on))
        return Together((Hours(ZoneInfo(self.brand.zone), tuple(tuple(day) for day in week), closed),))


def chat_state(brand: Brand, at: datetime | None = None) -> ChatState:
    """Whether the chat is open, unstaffed or closed, now or at a moment."""
    return chat_hours(brand).state(at or now())


def states_to_come(brand: Brand, at: datetime) -> dict[Openness, ChatState]:
    """Each state as the brand's hours will tell it next, to look at beforehand."""
    desk = chat_hours(brand)
    zone, closes_at = zone_of(brand, desk.teams), desk.together.closes_at(at)
    never_closes = desk.together.is_open(at) and closes_at is None
    opens_at = None if never_closes else desk.together.next_opening(closes_at or at)
    return {
        "open": ChatState("open", closes_at, None, zone),
        "closed": ChatState("closed", None, opens_at, zone),
        "unstaffed": ChatState("unstaffed", closes_at, None, zone),
    }


def chat_hours(brand: Brand) -> ChatHours:
    """The hours of the teams that the topics name which customers can choose."""
    teams = list(Team.objects.filter(topics__brand=brand, topics__retired_at=None).distinct().order_by("pk"))
    return ChatHours(brand, teams, hours_of_teams(teams))


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
