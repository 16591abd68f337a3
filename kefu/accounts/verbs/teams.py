"""Teams: added, called otherwise, moved to another zone, put back."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from kefu.accounts.events import TeamAdded, TeamChanged
from kefu.accounts.people.agents import Agent, Team
from kefu.accounts.people.team_revisions import TeamRevision
from kefu.accounts.policy import May, Scope, require
from kefu.brands.models import Brand
from kefu.journal.actions import record
from kefu.journal.revisions import require_unchanged
from kefu.ui.zones import zone_called


class TeamKeyTaken(ValueError):
    """Another team of the brand has this key."""


class UnknownZone(ValueError):
    """No zone has this name."""


@transaction.atomic
def add_team(*, brand: Brand, key: str, name: str, zone: str, by: Agent) -> Team:
    """A team without hours and members yet. Raises Refused, TeamKeyTaken, UnknownZone."""
    require(by, May.CHANGE_SETTINGS, Scope(brand.pk))
    _require_zone(zone)
    try:
        with transaction.atomic():
            team = Team.objects.create(brand=brand, key=key, name=name, zone=zone)
    except IntegrityError:
        raise TeamKeyTaken from None
    _remember(TeamAdded, team, by=by, before={})
    return team


@transaction.atomic
def change_team(*, team: Team, name: str, zone: str, by: Agent, seen: int | None = None) -> Team:
    """Its hours are kept on another zone's clock from now on. Raises Refused, UnknownZone, ChangedMeanwhile."""
    require(by, May.CHANGE_SETTINGS, team)
    _require_zone(zone)
    team = Team.objects.select_for_update().get(pk=team.pk)
    require_unchanged(TeamRevision.objects.filter(team=team), seen)
    before = _written(team)
    team.name, team.zone = name, zone
    if _written(team) == before:
        return team
    team.save(update_fields=["name", "zone"])
    _remember(TeamChanged, team, by=by, before=before)
    return team


@transaction.atomic
def put_back_team(*, revision: TeamRevision, by: Agent, seen: int | None = None) -> Team:
    """Name and zone as they were before this change; of what was added there is no before. Raises as change_team."""
    require(by, May.CHANGE_SETTINGS, revision.team)
    before = revision.before or revision.after
    return change_team(team=revision.team, name=before["name"], zone=before["zone"], by=by, seen=seen)


def _require_zone(zone: str) -> None:
    if zone_called(zone) is None:
        raise UnknownZone


def _written(team: Team) -> dict[str, Any]:
    return {"name": str(team.name), "zone": team.zone}


def _remember(
    change: type[TeamAdded] | type[TeamChanged], team: Team, *, by: Agent, before: dict[str, Any]
) -> None:
    revision = TeamRevision.objects.create(
        team=team, actor_kind=by.actor.kind, actor_id=by.pk, before=before, after=_written(team)
    )
    record(change(actor=by.actor, brand_id=team.brand_id, subject_id=team.pk, revision_id=revision.pk))
