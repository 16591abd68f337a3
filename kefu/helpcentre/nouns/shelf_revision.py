from __future__ import annotations

from django.db import models

from kefu.brands.models import Brand
from kefu.journal.revisions import Revision


class ShelfRevision(Revision):
    """What somebody changed in a shelf, before and after; empty before it was there."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="shelf_revisions")
    shelf = models.ForeignKey("helpcentre.Category", on_delete=models.CASCADE, related_name="revisions")

    class Meta(Revision.Meta):
        indexes = [models.Index(fields=["shelf", "id"], name="revisions_by_shelf")]

    def __str__(self) -> str:
        return f"revision {self.pk} of shelf {self.shelf_id}"
