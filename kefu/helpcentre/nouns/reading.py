from __future__ import annotations

from django.db import models


class ReadingDay(models.Model):
    """How often a revision was opened on a day, in UTC; once a tab, as far as browsers with script tell us."""

    translation = models.ForeignKey(
        "helpcentre.Translation", on_delete=models.CASCADE, related_name="reading_days"
    )
    revision = models.PositiveIntegerField()
    on = models.DateField()
    views = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["translation", "revision", "on"], name="one_reading_day")
        ]
        indexes = [models.Index(fields=["on"], name="reading_days_by_day")]

    def __str__(self) -> str:
        return f"{self.views} of {self.translation_id} on {self.on}"
