from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

from kefu.waiting.greetings import GreetingText

if TYPE_CHECKING:
    from kefu.accounts.models import Team
    from kefu.brands.models import Brand
    from kefu.waiting.models import (  # noqa: F401 - named in the classes below
        DatedOverride,
        Greeting,
        GreetingRevision,
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


class GreetingQuerySet(models.QuerySet["Greeting"]):
    def texts(self, brand: Brand) -> dict[str, GreetingText]:
        """By language; one that nobody has written in is missing."""
        return {one.language: one.text for one in self.filter(brand=brand)}

    def text_in(self, language: str, *, brand: Brand) -> GreetingText:
        """Empty where nobody has written anything."""
        found = self.filter(brand=brand, language=language).first()
        return found.text if found else GreetingText()


class GreetingRevisionQuerySet(models.QuerySet["GreetingRevision"]):
    def of_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)
