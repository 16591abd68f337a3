"""The index: one row for each language of each searchable thing, with the words that were counted in it."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from kefu.brands.models import Brand
from kefu.safety.fields import PlainTextField


class AsWritten(json.JSONEncoder):
    """JSON with Chinese as Chinese: half the bytes to store and to read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})


class Document(models.Model):
    """What is shown of a hit, and how often each token stands in it, weighed by field.

    Tokens are looked up in the database's own full-text index beside this row (see `words`); the counts are for ranking.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    language = models.CharField(max_length=12)
    audience = models.CharField(max_length=12)
    title = PlainTextField()
    label = PlainTextField(blank=True)
    path = models.CharField(max_length=400)
    body = PlainTextField(blank=True)
    counts = models.JSONField(default=dict, encoder=AsWritten)
    length = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "object_id", "language"], name="one_document_a_language"
            ),
        ]
        indexes = [models.Index(fields=["brand", "audience", "source"], name="documents_by_audience")]

    def __str__(self) -> str:
        return f"{self.source} {self.object_id} {self.language}"
