from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from kefu.accounts.models import Team
    from kefu.waiting.models import (  # noqa: F401 - named in the classes below
        DatedOverride,
        HoursRevision,
        WeeklyHours,
    )


class WeeklyHoursQuerySet(models.QuerySet["WeeklyHours"]):
    def of_teams(self, teams: Iterable[Team]) -> Self:
        return self.filter(team__in=[team.pk for team in teams])


class OverrideQuerySet(models.QuerySet["DatedOverride"]):
    def of_teams(self, teams: Iterable[Team]) -> Self:
        return self.filter(team__in=[team.pk for team in teams])

    def from_day(self, day: date) -> Self:
        return self.filter(on__gte=day)


class HoursRevisionQuerySet(models.QuerySet["HoursRevision"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def of_week(self) -> Self:
        """Changes of the usual week alone."""
        return self.filter(on=None)

    def of_day(self, day: date) -> Self:
        return self.filter(on=day)
