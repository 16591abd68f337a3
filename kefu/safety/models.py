"""Official identities, the one list of addresses that are really ours; and the counters of limits."""

from __future__ import annotations

from django.db import models

from kefu.brands.models import Brand
from kefu.safety.fields import PlainTextField
from kefu.safety.querysets import OfficialWayQuerySet


class WayKind(models.TextChoices):
    MAIL = "mail"
    CHAT = "chat"
    X = "x"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    YOUTUBE = "youtube"
    COMMUNITY = "community"
    PHONE = "phone"


class OfficialWay(models.Model):
    """One way in which the brand is reached. Names and what it is good for are by language."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="official_ways")
    kind = models.CharField(max_length=10, choices=WayKind.choices)
    value = PlainTextField(max_length=253, blank=True)
    url = PlainTextField(max_length=500, blank=True)
    names = models.JSONField(default=dict, blank=True)
    good_for = models.JSONField(default=dict, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    is_shown = models.BooleanField(default=True)

    objects = OfficialWayQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["brand", "kind", "value"], name="one_way_a_value")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

    def name_in(self, language: str) -> str:
        return str(self.names.get(language) or self.names.get("zh-hans") or self.value)

    def good_for_in(self, language: str) -> str:
        return str(self.good_for.get(language) or "")


class Counter(models.Model):
    """How often something was done in the window that began at this second. The name is a keyed hash."""

    name = models.CharField(max_length=64, primary_key=True)
    began = models.BigIntegerField(db_index=True)
    used = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.used} since {self.began}"
