"""The index: what can be found, and for each of its languages what is shown of it."""

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


class Thing(models.Model):
    """What can be found, in all its languages together; its terms are in the database's own full-text index (see `words`)."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(max_length=12)
    source = models.CharField(max_length=40)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "object_id"], name="one_thing_an_object")]
        indexes = [models.Index(fields=["brand", "audience", "source"], name="things_by_audience")]

    def __str__(self) -> str:
        return f"{self.source} {self.object_id}"


class Document(models.Model):
    """What is shown of a thing in one language."""

    # First what is asked of many rows: SQLite reads a row from its start.
    thing = models.ForeignKey(Thing, on_delete=models.CASCADE, related_name="documents")
    language = models.CharField(max_length=12)
    shelf = models.CharField(max_length=60, blank=True)
    # Of what terms its thing was made; another edition of the table of ideas makes others.
    edition = models.CharField(max_length=16)
    path = models.CharField(max_length=400)
    title = PlainTextField()
    label = PlainTextField(blank=True)
    body = PlainTextField(blank=True)
    # The folded body where it is as long as the body, else nothing; and where which idea is said, see `terms.Said`.
    folded = PlainTextField(blank=True)
    title_said = PlainTextField(blank=True)
    body_said = PlainTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thing", "language"], name="one_document_for_a_language"),
        ]

    def __str__(self) -> str:
        return f"{self.thing_id} {self.language}"
