from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, models

if TYPE_CHECKING:
    from kefu.mailroom.models import Letter  # noqa: F401 - named in the base class


class LetterQuerySet(models.QuerySet["Letter"]):
    def that_left(self) -> LetterQuerySet:
        """Those that somebody may have in front of them."""
        return self.filter(left_at__isnull=False)

    def locked(self) -> LetterQuerySet:
        """The row's lock, held to commit; SQLite's one writer already holds the whole file."""
        ordered = self.order_by("pk")
        return (
            ordered.select_for_update(of=("self",), no_key=True)
            if connection.features.has_select_for_update
            else ordered
        )
