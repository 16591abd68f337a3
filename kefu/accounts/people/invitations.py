from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection, models
from django.utils.timezone import now

from kefu.accounts.people.agents import Agent, Role, Team
from kefu.accounts.policy import May, allows
from kefu.brands.models import Brand
from kefu.safety.fields import EncryptedTextField, PlainTextField

INVITATION_FOR = timedelta(hours=72)


def invitation_end() -> datetime:
    return now() + INVITATION_FOR


class InvitationState(StrEnum):
    OPEN = "open"
    ENDED = "ended"
    """Its time is over; it can be sent again."""
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, agent: Agent) -> InvitationQuerySet:
        """All of them for who may manage agents, none for anybody else."""
        return self.all() if allows(agent, May.MANAGE_AGENTS) else self.none()

    def unsettled(self) -> InvitationQuerySet:
        """Neither accepted nor withdrawn; some of them may have ended and can be sent again."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open(self) -> InvitationQuerySet:
        """Those by which somebody can still come in."""
        return self.unsettled().filter(ends_at__gt=now())

    def locked(self) -> InvitationQuerySet:
        """The rows' locks, held to commit; SQLite's one writer already holds the whole file."""
        ordered = self.order_by("pk")
        return (
            ordered.select_for_update(of=("self",), no_key=True)
            if connection.features.has_select_for_update
            else ordered
        )


class Invitation(models.Model):
    """A place kept for somebody who is no agent yet. Its links are kept as hashes, one for each letter that carried one."""

    # Whose letter it is, and whose host the link leads to.
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="invitations")
    email = EncryptedTextField()
    email_hash = models.CharField(max_length=64)
    name = PlainTextField(max_length=80)
    role = models.CharField(max_length=12, choices=Role.choices)
    teams = models.ManyToManyField(Team, related_name="invitations", blank=True)
    language = models.CharField(max_length=12)
    # Nobody when the operator invited at the console.
    invited_by = models.ForeignKey(
        Agent, on_delete=models.CASCADE, null=True, related_name="invitations_made"
    )
    hashes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now, editable=False)
    sent_at = models.DateTimeField(default=now)
    ends_at = models.DateTimeField(default=invitation_end)
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, null=True, related_name="invitation")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email_hash"],
                condition=models.Q(withdrawn_at=None, accepted_at=None),
                name="one_invitation_an_address",
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def state(self) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        return InvitationState.OPEN if self.ends_at > now() else InvitationState.ENDED
