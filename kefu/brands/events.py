"""What happens to brands."""

from __future__ import annotations

from typing import ClassVar

from kefu.journal.events import Event


class BrandAdded(Event, frozen=True, kw_only=True):
    """Subject: the brand."""

    kind: ClassVar[str] = "brand.added"


class BrandOriginsChanged(Event, frozen=True, kw_only=True):
    """Subject: the brand, whose chat other pages may now show inside them, or no longer."""

    kind: ClassVar[str] = "brand.origins_changed"


class BrandChanged(Event, frozen=True, kw_only=True):
    """Subject: the brand; the revision holds what was before and after."""

    kind: ClassVar[str] = "brand.changed"
    revision_id: int
