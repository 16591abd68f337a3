"""A brand is one company's face; one installation may carry several."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from kefu.brands.origins import check_origins
from kefu.brands.querysets import BrandQuerySet
from kefu.journal.revisions import Revision


class Brand(models.Model):
    """Hosts it answers to, name, colour, languages and the prefix of every ref that its customers read aloud."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    prefix = models.CharField(
        max_length=4, unique=True, validators=[RegexValidator(r"^[A-HJKMNP-TV-Z]{2,4}$")]
    )
    hosts = models.JSONField(default=list, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    languages = models.JSONField(default=list)
    zone = models.CharField(max_length=64, default="Asia/Shanghai")
    accent_hue = models.PositiveSmallIntegerField(
        default=226, validators=[MinValueValidator(0), MaxValueValidator(360)]
    )
    # Never changes and is nobody else's: what stands in feeds is told apart by it.
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    # Whose pages may show the chat inside them, as `read_origin` writes them.
    origins = models.JSONField(default=list, blank=True, validators=[check_origins])

    objects = BrandQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def origin(self) -> str:
        """``https://help.example.com``: where it is for the whole world; its first host, else the installation's own."""
        return f"https://{self.hosts[0]}" if self.hosts else str(settings.PUBLIC_ORIGIN)

    @property
    def first_language(self) -> str:
        return self.languages[0] if self.languages else "zh-hans"


class BrandRevision(Revision):
    """What somebody changed in a brand's settings, before and after."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="revisions")

    class Meta(Revision.Meta):
        indexes = [models.Index(fields=["brand", "id"], name="revisions_by_brand")]

    def __str__(self) -> str:
        return f"revision {self.pk} of brand {self.brand_id}"
