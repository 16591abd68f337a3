from __future__ import annotations

from django.db import models

from kefu.brands.models import Brand
from kefu.safety.fields import GuardedTextField

LONGEST_QUERY = 200


class SearchDay(models.Model):
    """What was typed into the search box on a day, and how often: no word of who typed it, nor when.

    `key` is the hash of the words as search reads them, so that all ways of writing them are one; `words` are as somebody
    wrote them last, after the guard.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="search_days")
    language = models.CharField(max_length=12)
    on = models.DateField()
    key = models.CharField(max_length=64)
    words = GuardedTextField(max_length=LONGEST_QUERY * 2)
    times = models.PositiveIntegerField(default=0)
    # How many results there were the last time.
    found = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "language", "on", "key"], name="one_search_day")
        ]
        indexes = [models.Index(fields=["on"], name="search_days_by_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.key[:8]}"


class OpenedFromSearch(models.Model):
    """How often an article was opened from the results for some words on a day."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey("helpcentre.Article", on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    key = models.CharField(max_length=64)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "key", "article", "on"], name="one_opening_day")
        ]
        indexes = [models.Index(fields=["on"], name="openings_by_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.key[:8]} {self.article_id}"
