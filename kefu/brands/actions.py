"""What is done to a brand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from kefu.brands.events import BrandChanged, BrandOriginsChanged
from kefu.brands.models import Brand, BrandRevision
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM, Actor
from kefu.journal.revisions import require_unchanged


@transaction.atomic
def allow_origins(*, brand: Brand, origins: Sequence[str]) -> Brand:
    """Let the pages of these origins and no others show the brand's chat inside them: the operator's word, at the console.

    Saying the same again changes nothing. Raises ValidationError.
    """
    brand = Brand.objects.select_for_update().get(pk=brand.pk)
    if list(origins) == brand.origins:
        return brand
    brand.origins = list(origins)
    brand.clean_fields()
    brand.save(update_fields=["origins"])
    record(BrandOriginsChanged(actor=SYSTEM, brand_id=brand.pk, subject_id=brand.pk))
    return brand


@dataclass(frozen=True, kw_only=True)
class BrandText:
    """What is said of a brand on its settings page."""

    name: str
    accent_hue: int
    languages: Sequence[str]
    zone: str
    origins: Sequence[str]

    def values(self) -> dict[str, Any]:
        """As they are stored, so that what is said again is no change."""
        return asdict(self) | {"languages": list(self.languages), "origins": list(self.origins)}


@transaction.atomic
def change_brand(*, brand: Brand, text: BrandText, actor: Actor, seen: int | None = None) -> Brand:
    """Say it of the brand; whoever calls has asked the policy. `seen` is the newest revision that the page showed.

    Raises ValidationError, ChangedMeanwhile.
    """
    brand = Brand.objects.select_for_update().get(pk=brand.pk)
    require_unchanged(BrandRevision.objects.filter(brand=brand), seen)
    values = text.values()
    before = {name: getattr(brand, name) for name in values}
    if before == values:
        return brand
    for name, value in values.items():
        setattr(brand, name, value)
    brand.clean_fields()
    brand.save(update_fields=list(values))
    revision = BrandRevision.objects.create(
        brand=brand, actor_kind=actor.kind, actor_id=actor.id, before=before, after=values
    )
    record(BrandChanged(actor=actor, brand_id=brand.pk, subject_id=brand.pk, revision_id=revision.pk))
    return brand


@transaction.atomic
def put_back_brand(*, revision: BrandRevision, actor: Actor, seen: int | None = None) -> Brand:
    """As it was before this change. Raises as change_brand."""
    return change_brand(brand=revision.brand, text=BrandText(**revision.before), actor=actor, seen=seen)
