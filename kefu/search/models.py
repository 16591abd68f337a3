"""The index: one row for each language of each searchable thing, with the words that were counted in it."""

from __future__ import annotations

from django.db import models

from kefu.brands.models import Brand
from kefu.safety.fields import PlainTextField


class Document(models.Model):
    """What is shown of a hit, and how often each token stands in title, synonyms, headings and body.

    The tokens themselves are looked up in the database's own full-text index, which belongs to this row (see `words`).
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
    counts = models.JSONField(default=dict)
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
