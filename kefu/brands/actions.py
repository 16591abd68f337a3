"""What is done to a brand."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from kefu.brands.events import BrandOriginsChanged
from kefu.brands.models import Brand
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM


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
