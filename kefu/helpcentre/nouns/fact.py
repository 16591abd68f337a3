from __future__ import annotations

from typing import Any

from django.db import models

from kefu.brands.models import Brand
from kefu.helpcentre.querysets import FactQuerySet
from kefu.journal.revisions import Revision


class Fact(models.Model):
    """A figure that texts quote as `{{ facts.key }}`. Its value is a whole number, a text, or one text a language."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="facts")
    key = models.CharField(max_length=100)
    value: models.JSONField[Any, Any] = models.JSONField()
    # As the folder said it last; what differs from that was changed here.
    imported: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["brand", "key"], name="one_fact_a_key")]

    def __str__(self) -> str:
        return self.key


class FactRevision(Revision):
    """One change of one fact: `{"value": …}` before and after, nothing where there was or is none."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="fact_revisions")
    key = models.CharField(max_length=100)

    class Meta(Revision.Meta):
        indexes = [models.Index(fields=["brand", "id"], name="fact_revisions_by_brand")]

    def __str__(self) -> str:
        return f"revision {self.pk} of {self.key}"
