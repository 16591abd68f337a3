"""Official identities, the one list of addresses that are really ours; and the counters of limits."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

from kefu.brands.models import Brand
from kefu.journal.revisions import Revision
from kefu.safety.fields import PlainTextField
from kefu.safety.querysets import OfficialWayQuerySet, OfficialWayRevisionQuerySet

PHONE = re.compile(r"\+[0-9][0-9 ()-]{5,24}")
# Whole, without an account before the host; our own pages may be a path.
URL = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(?:[/?#]\S*)?|/(?:[^/\s\\]\S*)?")


class WayKind(models.TextChoices):
    MAIL = "mail"
    CHAT = "chat"
    X = "x"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    YOUTUBE = "youtube"
    COMMUNITY = "community"
    PHONE = "phone"


DAYS_A_WEEK, MINUTES_A_DAY = 7, 24 * 60
LINKED = frozenset({WayKind.X, WayKind.FACEBOOK, WayKind.INSTAGRAM, WayKind.YOUTUBE})
WRITTEN = ("kind", "value", "url", "names", "good_for", "week", "place", "is_shown")


class OfficialWay(models.Model):
    """One way in which the brand is reached. Names and what it is good for are by language.

    `week` is when it is answered, if it has hours of its own: lists of weekday (Monday is 0) and minutes after midnight in
    the brand's zone at which it opens and closes; closing may pass midnight. Empty: it keeps the desk's hours, if any.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="official_ways")
    kind = models.CharField(max_length=10, choices=WayKind.choices)
    value = PlainTextField(max_length=253, blank=True)
    url = PlainTextField(max_length=500, blank=True)
    names = models.JSONField(default=dict, blank=True)
    good_for = models.JSONField(default=dict, blank=True)
    week = models.JSONField(default=list, blank=True)
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

    def clean(self) -> None:
        """What nobody may mistype in the one list that customers check against; raises ValidationError."""
        if self.kind == WayKind.MAIL and not _is_mail_address(self.value):
            raise ValidationError(
                {"value": _("Write the whole mail address, for instance help@example.com.")}
            )
        if self.kind == WayKind.PHONE and not PHONE.fullmatch(self.value):
            raise ValidationError(
                {"value": _("Write the number with its country, for instance +852 1234 5678.")}
            )
        if (self.url or self.kind in LINKED) and not URL.fullmatch(self.url):
            raise ValidationError({"url": _("Write the whole address, beginning with https://.")})
        if not _is_week(self.week):
            raise ValidationError(
                {"week": _("Each opening needs a weekday, when it opens, and when it closes after that.")}
            )

    def written(self) -> dict[str, object]:
        """All that is said of it, as values for a revision."""
        return {name: getattr(self, name) for name in WRITTEN}

    def good_for_in(self, language: str) -> str:
        return str(self.good_for.get(language) or "")


def _is_mail_address(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def _is_week(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, list)
        and len(one) == len(("weekday", "opens", "closes"))
        and all(type(number) is int for number in one)
        and 0 <= one[0] < DAYS_A_WEEK
        and 0 <= one[1] < MINUTES_A_DAY
        and one[1] < one[2] <= 2 * MINUTES_A_DAY
        for one in value
    )


class OfficialWayRevision(Revision):
    """What somebody changed in an official way, before and after; empty where there was nothing."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="way_revisions")
    # An id and no key: the revision outlives the way.
    way_id = models.BigIntegerField(db_index=True)

    objects = OfficialWayRevisionQuerySet.as_manager()

    class Meta(Revision.Meta):
        pass

    def __str__(self) -> str:
        return f"revision {self.pk} of way {self.way_id}"


class Counter(models.Model):
    """How often something was done in the window that began at this second. The name is a keyed hash."""

    name = models.CharField(max_length=64, primary_key=True)
    began = models.BigIntegerField()
    used = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.used} since {self.began}"
