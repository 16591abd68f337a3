"""What happens to a platform's settings: ids only; the revision holds what was said before and after."""

from __future__ import annotations

from typing import ClassVar

from kefu.journal.events import Event


class PlatformChanged(Event, frozen=True, kw_only=True):
    """Subject: the platform, set up, changed, given a secret or without one."""

    kind: ClassVar[str] = "platform.changed"
    revision_id: int


class PlatformRemoved(Event, frozen=True, kw_only=True):
    """Its tokens open nothing any more."""

    kind: ClassVar[str] = "platform.removed"
    revision_id: int
