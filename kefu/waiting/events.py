"""Changes of hours and greetings: `subject_id` is the revision that holds before and after."""

from __future__ import annotations

from typing import ClassVar

from kefu.journal.events import Event


class WeekSet(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "waiting.week_set"
    team_id: int


class OverrideAdded(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "waiting.override_added"
    team_id: int


class OverrideRemoved(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "waiting.override_removed"
    team_id: int


class GreetingsSet(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "waiting.greetings_set"
