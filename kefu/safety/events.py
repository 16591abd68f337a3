"""What happens to official ways: ids only; the revision holds what was said before and after."""

from __future__ import annotations

from typing import ClassVar

from kefu.journal.events import Event


class OfficialWayAdded(Event, frozen=True, kw_only=True):
    """`subject_id` is the way, here and below."""

    kind: ClassVar[str] = "official_way.added"
    revision_id: int


class OfficialWayChanged(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "official_way.changed"
    revision_id: int


class OfficialWayRemoved(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "official_way.removed"
    revision_id: int
