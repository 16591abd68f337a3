from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.timezone import now

from kefu.accounts.people.agents import Agent
from kefu.accounts.querysets import PasswordResetQuerySet

RESET_FOR = timedelta(minutes=30)


def reset_end() -> datetime:
    return now() + RESET_FOR


class PasswordReset(models.Model):
    """Somebody asked for a new password. Its links are kept as hashes, one for each letter that carried one."""

    # Nobody when the address is no agent's: that leaves the same traces, so that the time it takes tells nothing.
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, null=True, related_name="password_resets")
    hashes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now, editable=False)
    ends_at = models.DateTimeField(default=reset_end)
    used_at = models.DateTimeField(null=True)

    objects = PasswordResetQuerySet.as_manager()

    def __str__(self) -> str:
        return f"password reset {self.pk}"
