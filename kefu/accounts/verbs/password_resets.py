"""A forgotten password: a letter's link chooses a new one, and never takes the place of a second factor."""

from __future__ import annotations

import hmac

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.events import PasswordReplaced, PasswordResetAskedFor
from kefu.accounts.people.agents import Agent
from kefu.accounts.people.password_resets import PasswordReset
from kefu.accounts.verbs.sign_ins import end_agent_sessions
from kefu.brands.models import Brand
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM
from kefu.safety.addresses import mail_address
from kefu.safety.tokens import new_token, token_hash


class ResetRefused(RuntimeError):
    """Unknown, used, ended, or for somebody who has left: whoever holds the link learns nothing more."""


@transaction.atomic
def ask_for_password_reset(*, email: str, brand: Brand) -> PasswordReset:
    """A letter with a link follows if it is an agent's address; earlier links end. The same is done for any address.

    Limit it by address and by network before calling. Raises NotAnAddress.
    """
    agent = Agent.objects.active().filter(email=mail_address(email)).first()
    PasswordReset.objects.living().filter(agent=agent).update(ends_at=now())
    reset = PasswordReset.objects.create(agent=agent)
    # Whoever it was is not known, so the system is the actor.
    record(PasswordResetAskedFor(actor=SYSTEM, brand_id=brand.pk, subject_id=reset.pk))
    return reset


@transaction.atomic
def mint_password_reset(*, reset_id: int) -> str | None:
    """The token for a letter that is about to leave; only its hash is kept. None when it would come too late.

    A letter that is sent once more carries another token; both are good.
    """
    reset = PasswordReset.objects.of_agents().living().locked().filter(pk=reset_id).first()
    if reset is None:
        return None
    token = new_token()
    reset.hashes = [*reset.hashes, token_hash(token)]
    reset.save(update_fields=["hashes"])
    return token


def agent_of_reset(*, reset_id: int, token: str) -> Agent:
    """Whose password this link would replace; looking at it changes nothing. Raises ResetRefused."""
    found = PasswordReset.objects.of_agents().living().select_related("agent").filter(pk=reset_id).first()
    return _agent_of(found, token)


def reset_password(*, reset_id: int, token: str, password: str) -> Agent:
    """A new password, which was checked before. All sessions end; the second factor stays as it is.

    Of two at once, one succeeds. Raises ResetRefused.
    """
    agent_of_reset(reset_id=reset_id, token=token)
    # Slow by purpose, so it is made before anything is locked.
    slow_hash = make_password(password)
    with transaction.atomic():
        living = PasswordReset.objects.of_agents().living().locked().select_related("agent")
        reset = living.filter(pk=reset_id).first()
        agent = _agent_of(reset, token)
        PasswordReset.objects.filter(pk=reset_id).update(used_at=now())
        agent.password = slow_hash
        agent.save(update_fields=["password"])
        end_agent_sessions(agent=agent, by=agent.actor)
        record(PasswordReplaced(actor=agent.actor, subject_id=agent.pk))
        return agent


def _agent_of(reset: PasswordReset | None, token: str) -> Agent:
    hashed = token_hash(token)
    if reset is None or not any(hmac.compare_digest(hashed, kept) for kept in reset.hashes):
        raise ResetRefused
    if reset.agent is None or not reset.agent.is_active:
        raise ResetRefused
    agent: Agent = reset.agent
    return agent
