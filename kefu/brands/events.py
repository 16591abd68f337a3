"""What happens to brands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kefu.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class BrandAdded(Event):
    """Subject: the brand."""

    kind: ClassVar[str] = "brand.added"
