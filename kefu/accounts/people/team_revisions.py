from __future__ import annotations

from django.db import models

from kefu.accounts.people.agents import Team
from kefu.journal.revisions import Revision


class TeamRevision(Revision):
    """What somebody changed in a team's name or zone, before and after; empty before it was there."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="revisions")

    class Meta(Revision.Meta):
        indexes = [models.Index(fields=["team", "id"], name="revisions_by_team")]

    def __str__(self) -> str:
        return f"revision {self.pk} of team {self.team_id}"
