from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from kefu.brands.models import Brand


class BrandQuerySet(models.QuerySet["Brand"]):
    def of_host(self, host: str) -> Brand | None:
        """The brand that claims this host (no port), else the first brand; None before there is any."""
        brands = list(self.all())
        return next((brand for brand in brands if host in brand.hosts), brands[0] if brands else None)
