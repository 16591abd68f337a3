from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from kefu.brands.models import Brand


class FormerSlug(models.Model):
    """What an article was called in its address; links by it still arrive."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="former_slugs")
    article = models.ForeignKey("helpcentre.Article", on_delete=models.CASCADE, related_name="former_slugs")
    slug = models.SlugField(max_length=80)
    made_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["brand", "slug"], name="one_former_slug")]

    def __str__(self) -> str:
        return self.slug


class OldAddress(models.Model):
    """A path of another help centre, or of an earlier one, that leads to an article of ours."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="old_addresses")
    article = models.ForeignKey("helpcentre.Article", on_delete=models.CASCADE, related_name="old_addresses")
    path = models.CharField(max_length=300)
    # The language of the page that stood there; without one the reader's own is taken.
    language = models.CharField(max_length=12, blank=True)
    made_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["brand", "path"], name="one_old_address")]

    def __str__(self) -> str:
        return self.path
