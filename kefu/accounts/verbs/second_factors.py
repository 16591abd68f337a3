"""Second factors come and go; each change is written down, and what relied on the old one ends."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from kefu.accounts.events import RecoveryCodesMade, SecondFactorAdded, SecondFactorRemoved
from kefu.accounts.people.agents import Agent
from kefu.accounts.second_factor import passkeys_of
from kefu.accounts.verbs.permission import require_manager
from kefu.accounts.verbs.sign_ins import end_agent_sessions
from kefu.journal.actions import record
from kefu.journal.actor import Actor


@transaction.atomic
def note_second_factor(*, agent: Agent, session_key: str | None) -> None:
    """Enrolled: sessions that were opened without the factor end."""
    record(SecondFactorAdded(actor=agent.actor, subject_id=agent.pk))
    end_agent_sessions(agent=agent, by=agent.actor, keep=session_key)


@transaction.atomic
def remove_second_factor(*, agent: Agent, session_key: str | None) -> None:
    """The agent moves to another phone; every session but this one ends. Codes go too, unless a passkey is left."""
    types = [Authenticator.Type.TOTP] if passkeys_of(agent).exists() else Authenticator.Type
    _remove(agent, agent.actor, *types)
    end_agent_sessions(agent=agent, by=agent.actor, keep=session_key)


@transaction.atomic
def reset_second_factor(*, agent: Agent, by: Agent | Actor) -> None:
    """The phone, the passkeys and the recovery codes are lost: the next sign-in leads to enrolment. Raises Refused."""
    actor = require_manager(by)
    _remove(agent, actor, *Authenticator.Type)
    end_agent_sessions(agent=agent, by=actor)


@transaction.atomic
def note_recovery_codes(*, agent: Agent) -> None:
    record(RecoveryCodesMade(actor=agent.actor, subject_id=agent.pk))


def _remove(agent: Agent, by: Actor, *types: Authenticator.Type) -> None:
    removed, _ = Authenticator.objects.filter(user_id=agent.pk, type__in=types).delete()
    if removed:
        record(SecondFactorRemoved(actor=by, subject_id=agent.pk))
