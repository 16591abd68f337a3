"""Agents are added, choose how they are, and leave."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction

from kefu.accounts.events import (
    AgentAdded,
    AgentLeft,
    AvailabilityChosen,
    PasswordChosen,
    PreferencesChosen,
)
from kefu.accounts.people.agents import AddressTaken, Agent, Availability, Role, Team, usual_zone
from kefu.accounts.policy import May, require
from kefu.accounts.verbs.agent_tokens import revoke_tokens_of
from kefu.accounts.verbs.invitations import withdraw_invitations_of
from kefu.accounts.verbs.permission import require_manager
from kefu.accounts.verbs.sign_ins import end_agent_sessions
from kefu.journal.actions import record
from kefu.journal.actor import Actor
from kefu.safety.addresses import mail_address


class LastAdmin(ValueError):
    """Without an admin nobody could let anybody in."""


@transaction.atomic
def add_agent(
    *,
    email: str,
    name: str,
    role: Role,
    teams: Iterable[Team],
    by: Agent | Actor,
    language: str = settings.LANGUAGE_CODE,
) -> Agent:
    """A new agent without a password: a sign-in link is their first way in.

    Raises AddressTaken, NotAnAddress, Refused.
    """
    actor = require_manager(by)
    address, teams = mail_address(email), list(teams)
    try:
        with transaction.atomic():
            agent: Agent = Agent.objects.create_agent(
                email=address, name=name.strip(), role=role, language=language, zone=usual_zone(teams)
            )
    except IntegrityError:
        raise AddressTaken from None
    agent.teams.set(teams)
    record(
        AgentAdded(
            actor=actor, subject_id=agent.pk, role=role, team_ids=tuple(sorted(team.pk for team in teams))
        )
    )
    return agent


def locked_admins() -> set[int]:
    """All of them, else two admins who close or demote each other at once would each count the other."""
    admins = Agent.objects.active().filter(role=Role.ADMIN).order_by("pk").select_for_update()
    return set(admins.values_list("pk", flat=True))


@transaction.atomic
def close_agent(*, agent: Agent, by: Agent | Actor) -> Agent:
    """They have left: no way in works any more. Raises Refused, or LastAdmin."""
    actor = require_manager(by)
    admin_ids = locked_admins()
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    if not agent.is_active:
        return agent
    if admin_ids == {agent.pk}:
        raise LastAdmin
    agent.is_active = False
    agent.save(update_fields=["is_active"])
    end_agent_sessions(agent=agent, by=actor)
    withdraw_invitations_of(agent=agent, by=actor)
    revoke_tokens_of(agent=agent, by=actor)
    record(AgentLeft(actor=actor, subject_id=agent.pk))
    return agent


@transaction.atomic
def choose_availability(*, agent: Agent, availability: Availability) -> Agent:
    """What the agent says of themselves; raises Refused for those who answer nobody."""
    require(agent, May.CHOOSE_AVAILABILITY)
    availability = Availability(availability)
    changed = (
        Agent.objects.filter(pk=agent.pk).exclude(availability=availability).update(availability=availability)
    )
    agent.availability = availability
    if changed:
        record(AvailabilityChosen(actor=agent.actor, subject_id=agent.pk, availability=availability))
    return agent


@transaction.atomic
def choose_preferences(*, agent: Agent, language: str, zone: str) -> Agent:
    """The language and the zone in which the desk and our letters speak to them; both are known to be ours.

    Raises Refused for those who have left.
    """
    require(agent, May.USE_DESK)
    if (agent.language, agent.zone) == (language, zone):
        return agent
    agent.language, agent.zone = language, zone
    agent.save(update_fields=["language", "zone"])
    record(PreferencesChosen(actor=agent.actor, subject_id=agent.pk))
    return agent


@transaction.atomic
def choose_password(*, agent: Agent, password: str) -> Agent:
    """A new password, which was checked before; it ends every session that was opened with the old one."""
    agent.set_password(password)
    agent.save(update_fields=["password"])
    record(PasswordChosen(actor=agent.actor, subject_id=agent.pk))
    return agent
