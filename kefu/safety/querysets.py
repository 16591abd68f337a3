from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from kefu.brands.models import Brand

if TYPE_CHECKING:
    from kefu.safety.models import OfficialWay  # noqa: F401 - named in the base class


class OfficialWayQuerySet(models.QuerySet["OfficialWay"]):
    def shown(self, brand: Brand) -> OfficialWayQuerySet:
        return self.filter(brand=brand, is_shown=True)
