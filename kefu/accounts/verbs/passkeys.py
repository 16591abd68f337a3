"""Passkeys come, get another name, and go; the last second factor stays."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from kefu.accounts.events import PasskeyAdded, PasskeyRemoved, PasskeyRenamed
from kefu.accounts.people.agents import Agent
from kefu.accounts.second_factor import factors_of, passkeys_of
from kefu.accounts.verbs.sign_ins import end_agent_sessions
from kefu.journal.actions import record

# More than anybody has devices.
MOST_PASSKEYS = 12


class LastFactor(RuntimeError):
    """Without it nothing but the password would be left."""


class TooManyPasskeys(RuntimeError):
    """They have as many as fit."""


@transaction.atomic
def add_passkey(
    *, agent: Agent, name: str, credential: dict[str, Any], session_key: str | None
) -> Authenticator:
    """Keep a passkey that was proved just now. With the first factor come recovery codes, and other sessions end.

    Raises TooManyPasskeys.
    """
    _lock(agent)
    factors = list(factors_of(agent))
    if len(factors) > MOST_PASSKEYS:
        raise TooManyPasskeys
    passkey: Authenticator = WebAuthn.add(agent, name, credential).instance
    if not factors:
        RecoveryCodes.activate(agent)
        end_agent_sessions(agent=agent, by=agent.actor, keep=session_key)
    record(PasskeyAdded(actor=agent.actor, subject_id=agent.pk, passkey_id=passkey.pk))
    return passkey


@transaction.atomic
def rename_passkey(*, agent: Agent, passkey_id: int, name: str) -> None:
    """Raises Authenticator.DoesNotExist for a passkey of somebody else."""
    _lock(agent)
    passkey = passkeys_of(agent).get(pk=passkey_id)
    if passkey.data["name"] == name:
        return
    passkey.data = passkey.data | {"name": name}
    passkey.save(update_fields=["data"])
    record(PasskeyRenamed(actor=agent.actor, subject_id=agent.pk, passkey_id=passkey_id))


@transaction.atomic
def remove_passkey(*, agent: Agent, passkey_id: int, session_key: str | None) -> None:
    """Whoever has the device gets in no more, so every session but this one ends.

    Raises LastFactor, and Authenticator.DoesNotExist for a passkey of somebody else.
    """
    _lock(agent)
    passkey = passkeys_of(agent).get(pk=passkey_id)
    if not factors_of(agent).exclude(pk=passkey.pk).exists():
        raise LastFactor
    passkey.delete()
    end_agent_sessions(agent=agent, by=agent.actor, keep=session_key)
    record(PasskeyRemoved(actor=agent.actor, subject_id=agent.pk, passkey_id=passkey_id))


def _lock(agent: Agent) -> None:
    """One change of an agent's factors after another, else two that go at once would each count the other."""
    Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
