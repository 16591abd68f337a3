"""What happens to official ways: ids only; the revision holds what was said before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kefu.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class OfficialWayAdded(Event):
    """`subject_id` is the way, here and below."""

    kind: ClassVar[str] = "official_way.added"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class OfficialWayChanged(Event):
    kind: ClassVar[str] = "official_way.changed"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class OfficialWayRemoved(Event):
    kind: ClassVar[str] = "official_way.removed"
    revision_id: int
