"""A date that differs, as it is typed: which day, what is different, and why, by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.timezone import now
from django.utils.translation import gettext

from kefu.accounts.models import Team
from kefu.waiting.hours import Kind
from kefu.waiting.models import DatedOverride
from kefu.waiting.typed import TypedDay

AHEAD = timedelta(days=730)
LONGEST_NOTE = 80


@dataclass(frozen=True)
class TypedDate:
    """`on` and `kind` as typed; `problems` by the name of the field."""

    on: str = ""
    kind: str = Kind.CLOSED
    hours: TypedDay = field(default_factory=TypedDay)
    notes: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict, team: Team) -> TypedDate:
        hours = TypedDay.read(data)
        notes = {code: data.get(f"note-{code}", "").strip() for code in team.brand.languages}
        on, kind = data.get("on", "").strip(), data.get("kind", "")
        problems = {
            "on": _problem_of_date(on, team),
            "kind": "" if kind in set(Kind) else gettext("Choose what is different on that day."),
            "hours": _problem_of_hours(hours, kind),
            "notes": _problem_of_notes(notes),
        }
        return cls(on, kind, hours, notes, {name: problem for name, problem in problems.items() if problem})

    @classmethod
    def of(cls, row: DatedOverride) -> TypedDate:
        return cls(row.on.isoformat(), row.kind, TypedDay.of(row.override.intervals), row.notes)

    @property
    def is_sound(self) -> bool:
        return not self.problems

    @property
    def day(self) -> date:
        return _read_date(self.on)

    @property
    def written_notes(self) -> dict[str, str]:
        return {code: note for code, note in self.notes.items() if note}


def today_of(team: Team) -> date:
    return now().astimezone(ZoneInfo(team.zone)).date()


def _read_date(typed: str) -> date:
    """As a date field sends it, zeros left out or not. Raises ValueError."""
    return datetime.strptime(typed, "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone


def _problem_of_date(typed: str, team: Team) -> str:
    try:
        on = _read_date(typed)
    except ValueError:
        return gettext("Write the date as year, month and day, for instance 2027-01-01.")
    today = today_of(team)
    if on < today:
        return gettext("That day is over.")
    return gettext("Choose a day within the next two years.") if on > today + AHEAD else ""


def _problem_of_hours(hours: TypedDay, kind: str) -> str:
    if kind == Kind.CLOSED:
        return ""
    if not hours.is_sound:
        return hours.problem or next(row.problem for row in hours.rows if row.problem)
    return "" if hours.intervals else gettext("Say from when to when.")


def _problem_of_notes(notes: Mapping[str, str]) -> str:
    if all(len(note) <= LONGEST_NOTE for note in notes.values()):
        return ""
    return gettext("A note has %(longest)s characters at most.") % {"longest": LONGEST_NOTE}
