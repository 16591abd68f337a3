from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.timezone import now

from kefu.accounts.people.agents import Agent
from kefu.accounts.querysets import SignInLinkQuerySet

LINK_FOR = timedelta(minutes=10)


def link_end() -> datetime:
    return now() + LINK_FOR


class SignInLink(models.Model):
    """Opens the door once within ten minutes, in place of a password. Stored as a hash."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now, editable=False)
    ends_at = models.DateTimeField(default=link_end)
    used_at = models.DateTimeField(null=True)

    objects = SignInLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"sign-in link of agent {self.agent_id}"
