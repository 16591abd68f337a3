from __future__ import annotations

from django.db import models


class Presence(models.Model):
    """An agent whose desk is open, until the lease ends; a process that dies renews nothing."""

    agent_id = models.BigIntegerField(primary_key=True)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"agent {self.agent_id} until {self.until:%H:%M:%S}"
