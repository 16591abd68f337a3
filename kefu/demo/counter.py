"""The people behind the demo exchange's counter: teams, what they answer, when, and who they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kefu.accounts.models import Agent, Team
from kefu.brands.models import Brand
from kefu.conversations.models import Topic
from kefu.waiting.models import WeeklyHours

Values = Mapping[str, Any]


def fill_teams(brand: Brand, teams: list[Values]) -> dict[str, Team]:
    return {
        team["key"]: Team.objects.get_or_create(
            brand=brand, key=team["key"], defaults={"name": team["name"], "zone": brand.zone}
        )[0]
        for team in teams
    }


def fill_topics(brand: Brand, teams: Mapping[str, Team], topics: list[Values]) -> None:
    for place, topic in enumerate(topics):
        values = {**topic, "team": teams[topic["team"]], "place": place}
        Topic.objects.get_or_create(brand=brand, key=topic["key"], defaults=values)


def fill_hours(teams: Mapping[str, Team], hours: Values) -> None:
    """Give the usual week to teams that have none; a team whose hours were changed keeps them."""
    for team in teams.values():
        if WeeklyHours.objects.filter(team=team).exists():
            continue
        WeeklyHours.objects.bulk_create(
            WeeklyHours(
                team=team, weekday=day, opens=_minutes(hours["opens"]), closes=_minutes(hours["closes"])
            )
            for day in hours["weekdays"]
        )


def fill_agents(teams: Mapping[str, Team], agents: list[Values]) -> None:
    """Demo agents have no password: they sign in by a link that the console prints."""
    for agent in agents:
        if Agent.objects.filter(email=agent["email"]).exists():
            continue
        made = Agent.objects.create_agent(
            email=agent["email"],
            name=agent["name"],
            role=agent["role"],
            language=agent["language"],
            knowledge=agent.get("knowledge", ""),
            is_demo=True,
            availability="available",
        )
        made.teams.set(teams[key] for key in agent["teams"])


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
