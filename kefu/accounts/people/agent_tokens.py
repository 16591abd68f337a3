from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import models
from django.utils.timezone import now

from kefu.accounts.people.agents import Agent
from kefu.accounts.querysets import AgentTokenQuerySet
from kefu.journal.actor import Actor
from kefu.safety.fields import PlainTextField

LONGEST_TOKEN_NAME = 80


class TokenScope(StrEnum):
    """What a token may be used for, each for one verb of the policy."""

    READ_ARTICLES = "articles:read"
    WRITE_ARTICLES = "articles:write"
    PUBLISH_ARTICLES = "articles:publish"


class AgentToken(models.Model):
    """A key by which a program does some of what its agent may. Stored as a hash; `used_at` is right to the hour."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="tokens")
    name = PlainTextField(max_length=LONGEST_TOKEN_NAME)
    token_hash = models.CharField(max_length=64, unique=True)
    # Values of TokenScope.
    scopes: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    made_at = models.DateTimeField(default=now, editable=False)
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    objects = AgentTokenQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"token {self.pk} of agent {self.agent_id}"

    @property
    def is_living(self) -> bool:
        return self.revoked_at is None and self.ends_at > now()


@dataclass(frozen=True)
class TokenHolder:
    """Whoever sends a living token: its agent, but only within its scopes."""

    agent: Agent
    token_id: int
    name: str
    scopes: frozenset[TokenScope]
    ends_at: datetime

    @property
    def actor(self) -> Actor:
        return self.agent.actor
