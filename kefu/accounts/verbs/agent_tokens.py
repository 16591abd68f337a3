"""Tokens by which programs come in an agent's name: given by who manages agents, revoked by their agent too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.events import AgentTokenAdded, AgentTokenRevoked
from kefu.accounts.people.agent_tokens import LONGEST_TOKEN_NAME, AgentToken, TokenScope
from kefu.accounts.people.agents import Agent, HasLeft
from kefu.accounts.policy import VERB_OF_SCOPE, allows_somewhere
from kefu.accounts.verbs.permission import require_manager, require_themselves_or_manager
from kefu.journal.actions import record
from kefu.journal.actor import Actor
from kefu.safety.tokens import new_token, token_hash

USUAL_DAYS, MOST_DAYS = 90, 366
# So that whoever finds one, a scanner of source code for example, sees what it is.
BEGINS_WITH = "kefu_"


class BeyondTheirReach(ValueError):
    """The agent may do this nowhere, so a token for it would open nothing."""

    def __init__(self, scope: TokenScope) -> None:
        super().__init__(scope)
        self.scope = scope


class BadToken(ValueError):
    """It has no name or too long a one, no scope, or too many days."""


class NothingToPublish(BadToken):
    """It would publish what it may not write, so nothing."""


@dataclass(frozen=True)
class Added:
    """The token itself, for this once, and its row."""

    token: str = field(repr=False)
    row: AgentToken


@transaction.atomic
def add_agent_token(
    *, agent: Agent, name: str, scopes: Iterable[TokenScope], by: Agent | Actor, days: int = USUAL_DAYS
) -> Added:
    """A new token, shown once: its hash is kept. Raises Refused, HasLeft, BeyondTheirReach, BadToken, NothingToPublish."""
    actor = require_manager(by)
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    if not agent.is_active:
        raise HasLeft
    wanted = [scope for scope in TokenScope if scope in set(scopes)]
    name = " ".join(name.split())
    if not wanted or not 1 <= len(name) <= LONGEST_TOKEN_NAME or not 1 <= days <= MOST_DAYS:
        raise BadToken
    for scope in wanted:
        if not allows_somewhere(agent, VERB_OF_SCOPE[scope]):
            raise BeyondTheirReach(scope)
    if TokenScope.PUBLISH_ARTICLES in wanted and TokenScope.WRITE_ARTICLES not in wanted:
        raise NothingToPublish
    token = BEGINS_WITH + new_token()
    row = AgentToken.objects.create(
        agent=agent,
        name=name,
        token_hash=token_hash(token),
        scopes=[str(scope) for scope in wanted],
        ends_at=now() + timedelta(days=days),
    )
    record(AgentTokenAdded(actor=actor, subject_id=agent.pk, token_id=row.pk, scopes=tuple(wanted)))
    return Added(token, row)


@transaction.atomic
def revoke_agent_token(*, token: AgentToken, by: Agent | Actor) -> AgentToken:
    """It opens nothing any more. Twice is harmless. Raises Refused."""
    actor = require_themselves_or_manager(by, token.agent)
    if AgentToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now()):
        record(AgentTokenRevoked(actor=actor, subject_id=token.agent_id, token_id=token.pk))
    token.refresh_from_db(fields=["revoked_at"])
    return token


@transaction.atomic
def revoke_tokens_of(*, agent: Agent, by: Agent | Actor) -> None:
    """All of them; whoever leaves the house leaves no program behind. Raises Refused."""
    require_themselves_or_manager(by, agent)
    for token in AgentToken.objects.filter(agent=agent, revoked_at=None).select_related("agent"):
        revoke_agent_token(token=token, by=by)
