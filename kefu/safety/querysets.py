from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from kefu.brands.models import Brand

if TYPE_CHECKING:
    from kefu.safety.models import OfficialWay, OfficialWayRevision  # noqa: F401 - named in the base classes


class OfficialWayQuerySet(models.QuerySet["OfficialWay"]):
    def shown(self, brand: Brand) -> OfficialWayQuerySet:
        return self.filter(brand=brand, is_shown=True)


class OfficialWayRevisionQuerySet(models.QuerySet["OfficialWayRevision"]):
    def of_way(self, way_id: int) -> OfficialWayRevisionQuerySet:
        return self.filter(way_id=way_id)
