"""Asking the policy where only an actor is known, and for what belongs to one person."""

from __future__ import annotations

from kefu.accounts.people.agents import Agent
from kefu.accounts.policy import May, Refused, Scope, allows, require
from kefu.journal.actor import SYSTEM, Actor, ActorKind


def require_manager(by: Agent | Actor) -> Actor:
    """An agent who may manage agents, or the operator at the console; raises Refused."""
    if by == SYSTEM:
        return SYSTEM
    agent = by if isinstance(by, Agent) else _agent_of(by)
    require(agent, May.MANAGE_AGENTS)
    return agent.actor  # type: ignore[union-attr] # the policy refuses who is nobody


def require_themselves_or_manager(by: Agent | Actor, agent: Agent) -> Actor:
    """The agent whom it is about, or a manager; raises Refused."""
    actor = by.actor if isinstance(by, Agent) else by
    return actor if actor == agent.actor else require_manager(by)


def require_own(by: Actor, customers: set[Actor]) -> None:
    """What belongs to these customers is changed by the only one of them or by the system; raises Refused."""
    if by != SYSTEM and customers - {by}:
        raise Refused(May.SAY)


def may_change_settings(by: Actor, brand_id: int) -> bool:
    """For rooms below the policy: may this actor change what holds for the whole brand?"""
    return by == SYSTEM or allows(_agent_of(by), May.CHANGE_SETTINGS, Scope(brand_id))


def _agent_of(actor: Actor) -> Agent | None:
    is_agent = actor.kind is ActorKind.AGENT
    found: Agent | None = Agent.objects.filter(pk=actor.id).first() if is_agent else None
    return found
