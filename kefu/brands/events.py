"""What happens to brands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kefu.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class BrandAdded(Event):
    """Subject: the brand."""

    kind: ClassVar[str] = "brand.added"


@dataclass(frozen=True, kw_only=True)
class BrandOriginsChanged(Event):
    """Subject: the brand, whose chat other pages may now show inside them, or no longer."""

    kind: ClassVar[str] = "brand.origins_changed"


@dataclass(frozen=True, kw_only=True)
class BrandChanged(Event):
    """Subject: the brand; the revision holds what was before and after."""

    kind: ClassVar[str] = "brand.changed"
    revision_id: int
