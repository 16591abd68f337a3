"""Where a member of staff belongs: role and teams are changed, and put back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from kefu.accounts.events import AgentChanged
from kefu.accounts.people.agent_revisions import AgentRevision
from kefu.accounts.people.agents import Agent, HasLeft, Knowledge, Role, Team
from kefu.accounts.verbs.agents import LastAdmin, locked_admins
from kefu.accounts.verbs.permission import require_manager
from kefu.journal.actions import record
from kefu.journal.actor import Actor
from kefu.journal.revisions import require_unchanged


@transaction.atomic
def change_agent(
    *,
    agent: Agent,
    role: Role,
    teams: Iterable[Team],
    by: Agent | Actor,
    knowledge: Knowledge | None = None,
    seen: int | None = None,
) -> Agent:
    """Another role, other teams, another part in the help centre, which stays as it is without one.

    Only who manages all agents may do it, so nobody gives what is not theirs to give.

    `seen` is the newest revision that the page showed. Raises Refused, LastAdmin, HasLeft, ChangedMeanwhile.
    """
    actor = require_manager(by)
    admins = locked_admins()
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    require_unchanged(AgentRevision.objects.filter(agent=agent), seen)
    if not agent.is_active:
        raise HasLeft
    if admins == {agent.pk} and role != Role.ADMIN:
        raise LastAdmin
    teams = list(teams)
    knowledge = Knowledge(agent.knowledge) if knowledge is None else Knowledge(knowledge)
    before = _written(agent.role, agent.teams.all(), agent.knowledge)
    after = _written(role, teams, knowledge)
    if before == after:
        return agent
    agent.role, agent.knowledge = Role(role), knowledge
    agent.save(update_fields=["role", "knowledge"])
    agent.teams.set(teams)
    AgentRevision.objects.create(
        agent=agent, actor_kind=actor.kind, actor_id=actor.id, before=before, after=after
    )
    record(
        AgentChanged(
            actor=actor,
            subject_id=agent.pk,
            role=Role(role),
            team_ids=tuple(after["team_ids"]),
        )
    )
    return agent


@transaction.atomic
def put_back_agent(*, revision: AgentRevision, by: Agent | Actor, seen: int | None = None) -> Agent:
    """Role and teams as they were before this change; a team that is gone since is left out. Raises as change_agent."""
    require_manager(by)
    before: dict[str, Any] = revision.before
    teams = Team.objects.filter(pk__in=before["team_ids"])
    return change_agent(
        agent=revision.agent,
        role=Role(before["role"]),
        teams=teams,
        by=by,
        # Rows from before there was a help centre to write for say nothing of it.
        knowledge=Knowledge(before["knowledge"]) if "knowledge" in before else None,
        seen=seen,
    )


def _written(role: str, teams: Iterable[Team], knowledge: str) -> dict[str, Any]:
    ids = sorted(team.pk for team in teams)
    return {"role": str(role), "team_ids": ids, "knowledge": str(knowledge)}
