"""The journal: append-only rows that are timeline, audit trail and bus at once."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from kefu.journal.actor import Actor, ActorKind

LOOKED = "conversation.looked"


class Entry(models.Model):
    """One fact: ids and closed values, never text.

    `seq` counts for staff, `customer_seq` for the customer, both dense in a conversation.
    """

    id = models.BigAutoField(primary_key=True)
    recorded_at = models.DateTimeField(default=now, editable=False)
    occurred_at = models.DateTimeField(default=now, editable=False)
    kind = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_id = models.BigIntegerField(null=True)
    brand_id = models.BigIntegerField(null=True)
    conversation_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(null=True)
    customer_seq = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)

    class Meta:
        constraints = [
            # The customer's counter moves only with this one, under the same lock, so it needs none of its own: each index
            # that is no other's is one more page of the disk for each message.
            models.UniqueConstraint(fields=["conversation_id", "seq"], name="one_entry_a_seq"),
            # A look happens, as far as the journal counts, at the start of its quarter of an hour.
            models.UniqueConstraint(
                fields=["conversation_id", "actor_kind", "actor_id", "occurred_at"],
                condition=models.Q(kind=LOOKED),
                name="one_look_a_quarter",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "id"], name="journal_by_kind"),
            # Nobody asks what one customer did; supervisors ask it of an agent, and of the system, which does little.
            models.Index(
                fields=["actor_id", "id"],
                condition=models.Q(actor_kind=ActorKind.AGENT.value),
                name="journal_by_agent",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(actor_kind=ActorKind.SYSTEM.value),
                name="journal_by_system",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.actor_kind), self.actor_id)


class ListenerCursor(models.Model):
    """How far a listener is: all up to `position` but those in `gaps`, and the entry at which it is stuck."""

    listener = models.CharField(primary_key=True, max_length=60)
    position = models.BigIntegerField(default=0)
    gaps = models.JSONField(default=list)
    stuck_id = models.BigIntegerField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.listener} at {self.position}"


class DeadLetter(models.Model):
    """An entry that a listener could not follow: ids and the error's type, never its words."""

    id = models.BigAutoField(primary_key=True)
    listener = models.CharField(max_length=60)
    entry_id = models.BigIntegerField()
    error = models.CharField(max_length=200)
    put_aside_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listener", "entry_id"], name="one_dead_letter_an_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.listener} {self.entry_id} {self.error}"
