"""What a supervisor does to hours: set the week, add a date, take one away, put back what was.

`seen` is the newest revision of the team that they had before them (`newest`), so that nobody overwrites what they have
not seen: it raises ChangedMeanwhile. Without it nothing is compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import connection, transaction

from kefu.accounts.models import Agent, Team
from kefu.accounts.policy import May, Scope, require
from kefu.journal.actions import record
from kefu.journal.revisions import require_unchanged
from kefu.waiting.events import OverrideAdded, OverrideRemoved, WeekSet
from kefu.waiting.hours import NO_WEEK, BadInterval, Interval, Kind
from kefu.waiting.models import DatedOverride, HoursRevision, WeeklyHours

Change = type[WeekSet] | type[OverrideAdded] | type[OverrideRemoved]


@transaction.atomic
def set_week(
    *, team: Team, week: Mapping[int, Sequence[Interval]], by: Agent, seen: int | None = None
) -> None:
    """The usual week anew: weekday (Monday is 0) to intervals; a missing day is closed; or BadInterval."""
    require(by, May.CHANGE_SETTINGS, Scope(team.brand_id, team.pk))
    wanted = [(day, one) for day in range(len(NO_WEEK)) for one in _in_order(week.get(day, ()))]
    _lock(team)
    require_unchanged(HoursRevision.objects.of_team(team).of_week(), seen)
    rows = list(WeeklyHours.objects.filter(team=team))
    before = _pairs([(row.weekday, row.interval) for row in rows])
    after = _pairs(wanted)
    if before == after:
        return
    WeeklyHours.objects.filter(team=team).delete()
    WeeklyHours.objects.bulk_create(
        [WeeklyHours(team=team, weekday=day, opens=one.opens, closes=one.closes) for day, one in wanted]
    )
    _remember(WeekSet, team=team, by=by, before=before, after=after)


@transaction.atomic
def add_override(
    *,
    team: Team,
    on: date,
    kind: Kind,
    by: Agent,
    intervals: Sequence[Interval] = (),
    notes: Mapping[str, str] | None = None,
    seen: int | None = None,
) -> DatedOverride:
    """Say what is different on a date, instead of what was said of it before. Raises BadInterval."""
    require(by, May.CHANGE_SETTINGS, Scope(team.brand_id, team.pk))
    ordered = _in_order(intervals)
    if bool(ordered) is (kind is Kind.CLOSED):
        raise BadInterval("A closed day has no intervals, and any other kind has at least one.")
    _lock(team)
    require_unchanged(HoursRevision.objects.of_team(team).of_day(on), seen)
    earlier = DatedOverride.objects.filter(team=team, on=on).first()
    override, _ = DatedOverride.objects.update_or_create(
        team=team,
        on=on,
        defaults={
            "kind": kind,
            "intervals": [[one.opens, one.closes] for one in ordered],
            "notes": dict(notes or {}),
        },
    )
    before, after = _written(earlier) if earlier else {}, _written(override)
    if before != after:
        _remember(OverrideAdded, team=team, by=by, before=before, after=after)
    return override


@transaction.atomic
def remove_override(*, override: DatedOverride, by: Agent, seen: int | None = None) -> None:
    """The date is like any other again; taking it away twice is harmless."""
    team = override.team
    require(by, May.CHANGE_SETTINGS, Scope(team.brand_id, team.pk))
    _lock(team)
    found = DatedOverride.objects.filter(pk=override.pk).first()
    if found is None:
        return
    require_unchanged(HoursRevision.objects.of_team(team).of_day(found.on), seen)
    before = _written(found)
    found.delete()
    _remember(OverrideRemoved, team=team, by=by, before=before, after={})


@transaction.atomic
def put_back_hours(*, revision: HoursRevision, by: Agent, seen: int | None = None) -> None:
    """The week, or the date, as it was before this change. That is a change too, with a revision of its own."""
    team, before = revision.team, revision.before
    require(by, May.CHANGE_SETTINGS, Scope(team.brand_id, team.pk))
    if revision.on is None:
        week = {day: [Interval(*pair) for of, *pair in before if of == day] for day in range(len(NO_WEEK))}
        set_week(team=team, week=week, by=by, seen=seen)
    elif before:
        add_override(
            team=team,
            on=revision.on,
            kind=Kind(before["kind"]),
            intervals=[Interval(*pair) for pair in before["intervals"]],
            notes=before["notes"],
            by=by,
            seen=seen,
        )
    else:
        for override in DatedOverride.objects.filter(team=team, on=revision.on):
            remove_override(override=override, by=by, seen=seen)


def _lock(team: Team) -> None:
    """One change of a team's hours after the other; SQLite's one writer already holds the whole file."""
    if connection.features.has_select_for_update:
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)


def _in_order(intervals: Sequence[Interval]) -> list[Interval]:
    ordered = sorted(intervals)
    if any(later.opens < earlier.closes for earlier, later in pairwise(ordered)):
        raise BadInterval("Two intervals of one day overlap.")
    return ordered


def _pairs(rows: list[tuple[int, Interval]]) -> list[list[int]]:
    return [[day, one.opens, one.closes] for day, one in rows]


def _written(override: DatedOverride) -> dict[str, Any]:
    return {
        "on": override.on.isoformat(),
        "kind": str(override.kind),
        "intervals": override.intervals,
        "notes": override.notes,
    }


def _remember(change: Change, *, team: Team, by: Agent, before: Any, after: Any) -> None:
    written = after or before
    revision = HoursRevision.objects.create(
        team=team,
        on=date.fromisoformat(written["on"]) if isinstance(written, dict) else None,
        actor_kind=by.actor.kind,
        actor_id=by.pk,
        before=before,
        after=after,
    )
    record(change(actor=by.actor, brand_id=team.brand_id, subject_id=revision.pk, team_id=team.pk))
