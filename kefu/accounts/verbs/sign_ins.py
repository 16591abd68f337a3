"""Doors that were tried, opened and closed by agents."""

from __future__ import annotations

from collections.abc import Sequence

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.events import AgentSessionsEnded, AgentSignedIn, SignInFailed, Step
from kefu.accounts.people.agents import Agent
from kefu.accounts.verbs.permission import require_themselves_or_manager
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM, Actor


@transaction.atomic
def note_sign_in(*, agent: Agent, steps: Sequence[Step]) -> None:
    record(AgentSignedIn(actor=agent.actor, subject_id=agent.pk, steps=tuple(steps)))


@transaction.atomic
def note_failed_sign_in(*, agent: Agent | None, step: Step) -> None:
    """Whoever it was is not known, so the system is the actor and the agent, if there is one, the subject."""
    record(SignInFailed(actor=SYSTEM, subject_id=agent.pk if agent else None, step=step))


@transaction.atomic
def end_agent_session(*, agent: Agent, session_key: str, by: Agent | Actor) -> int:
    """End one of the agent's sessions; how many ended. Raises Refused, here and below."""
    return _end(agent, [session_key], require_themselves_or_manager(by, agent))


@transaction.atomic
def end_agent_sessions(*, agent: Agent, by: Agent | Actor, keep: str | None = None) -> int:
    """End all sessions of the agent but the one with this key; how many ended."""
    actor = require_themselves_or_manager(by, agent)
    keys = (
        UserSession.objects.filter(user=agent).exclude(session_key=keep).values_list("session_key", flat=True)
    )
    return _end(agent, list(keys), actor)


def living_sessions(agent: Agent) -> list[UserSession]:
    """Newest first; one query."""
    alive = Session.objects.filter(expire_date__gt=now()).values("session_key")
    return list(UserSession.objects.filter(user=agent, session_key__in=alive).order_by("-created_at", "-pk"))


def _end(agent: Agent, keys: list[str], by: Actor) -> int:
    own = UserSession.objects.filter(user=agent, session_key__in=keys)
    ended, _ = Session.objects.filter(
        session_key__in=list(own.values_list("session_key", flat=True))
    ).delete()
    own.delete()
    if ended:
        record(AgentSessionsEnded(actor=by, subject_id=agent.pk, sessions=ended))
    return ended
