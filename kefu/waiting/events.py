"""Changes of hours and greetings: `subject_id` is the revision that holds before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kefu.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class WeekSet(Event):
    kind: ClassVar[str] = "waiting.week_set"
    team_id: int


@dataclass(frozen=True, kw_only=True)
class OverrideAdded(Event):
    kind: ClassVar[str] = "waiting.override_added"
    team_id: int


@dataclass(frozen=True, kw_only=True)
class OverrideRemoved(Event):
    kind: ClassVar[str] = "waiting.override_removed"
    team_id: int


@dataclass(frozen=True, kw_only=True)
class GreetingsSet(Event):
    kind: ClassVar[str] = "waiting.greetings_set"
