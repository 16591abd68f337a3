"""When teams are there, what the chat says when they are and when they are not, and who changed what."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from kefu.accounts.models import Team
from kefu.brands.models import Brand
from kefu.journal.revisions import Revision
from kefu.safety.fields import PlainTextField
from kefu.waiting.greetings import LONGEST_SENTENCE, GreetingText
from kefu.waiting.hours import DAY, LONGEST, BadInterval, Interval, Kind, Override
from kefu.waiting.querysets import (
    GreetingQuerySet,
    GreetingRevisionQuerySet,
    HoursRevisionQuerySet,
    OverrideQuerySet,
    WeeklyHoursQuerySet,
)


class WeeklyHours(models.Model):
    """One interval of a team's usual week: minutes after midnight in its zone; closing may pass midnight."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="weekly_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()

    objects = WeeklyHoursQuerySet.as_manager()

    class Meta:
        ordering = ["team", "weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["team", "weekday", "opens"], name="one_interval_an_opening"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_is_a_day"),
            models.CheckConstraint(
                condition=Q(opens__lt=DAY, closes__lte=LONGEST, closes__gt=F("opens")),
                name="interval_goes_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"team {self.team_id}, weekday {self.weekday}: {self.opens} to {self.closes}"

    @property
    def interval(self) -> Interval:
        return Interval(self.opens, self.closes)


def check_intervals(value: object) -> None:
    """A list of pairs of minutes; raises ValidationError for anything else."""
    try:
        [Interval(*pair) for pair in value]  # type: ignore[attr-defined]
    except (TypeError, BadInterval) as problem:
        raise ValidationError(str(problem)) from problem


class DatedOverride(models.Model):
    """A date that differs: a holiday, a shifted working day, an extra opening. The note is by language."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="dated_overrides")
    on = models.DateField()
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    intervals = models.JSONField(default=list, blank=True, validators=[check_intervals])
    notes = models.JSONField(default=dict, blank=True)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        ordering = ["on", "team"]
        constraints = [models.UniqueConstraint(fields=["team", "on"], name="one_override_a_date")]

    def __str__(self) -> str:
        return f"team {self.team_id} on {self.on}: {self.kind}"

    @property
    def override(self) -> Override:
        return Override(self.on, Kind(self.kind), tuple(Interval(*pair) for pair in self.intervals))

    def note_in(self, language: str) -> str:
        return str(self.notes.get(language) or "")


class HoursRevision(Revision):
    """What somebody changed in a team's hours: in its usual week, or on one date."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="hours_revisions")
    on = models.DateField(null=True)

    objects = HoursRevisionQuerySet.as_manager()

    class Meta(Revision.Meta):
        indexes = [models.Index(fields=["team", "id"], name="hours_revisions_by_team")]

    def __str__(self) -> str:
        return f"revision {self.pk} of team {self.team_id}"


class Greeting(models.Model):
    """What a brand says to customers in one language while the chat is open, closed, or open with nobody free."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="greetings")
    language = models.CharField(max_length=10)
    open_text = PlainTextField(max_length=LONGEST_SENTENCE, blank=True)
    closed_text = PlainTextField(max_length=LONGEST_SENTENCE, blank=True)
    unstaffed_text = PlainTextField(max_length=LONGEST_SENTENCE, blank=True)

    objects = GreetingQuerySet.as_manager()

    class Meta:
        ordering = ["brand", "language"]
        constraints = [models.UniqueConstraint(fields=["brand", "language"], name="one_greeting_a_language")]

    def __str__(self) -> str:
        return f"brand {self.brand_id} in {self.language}"

    @property
    def text(self) -> GreetingText:
        return GreetingText(
            open_text=self.open_text, closed_text=self.closed_text, unstaffed_text=self.unstaffed_text
        )


class GreetingRevision(Revision):
    """What somebody changed in a brand's greetings, by language."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="greeting_revisions")

    objects = GreetingRevisionQuerySet.as_manager()

    class Meta(Revision.Meta):
        indexes = [models.Index(fields=["brand", "id"], name="greeting_revisions_by_brand")]

    def __str__(self) -> str:
        return f"revision {self.pk} of brand {self.brand_id}"
