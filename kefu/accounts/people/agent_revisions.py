from __future__ import annotations

from django.db import models

from kefu.accounts.people.agents import Agent
from kefu.journal.revisions import Revision


class AgentRevision(Revision):
    """What somebody changed in an agent's role and teams, before and after: the role's key and ids of teams."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="revisions")

    class Meta(Revision.Meta):
        indexes = [models.Index(fields=["agent", "id"], name="revisions_by_agent")]

    def __str__(self) -> str:
        return f"revision {self.pk} of agent {self.agent_id}"
