"""The journal: append-only rows that are timeline, audit trail and bus at once."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from kefu.journal.actor import Actor, ActorKind


class Entry(models.Model):
    """One fact: ids and closed values, never text. `seq` counts for staff, `customer_seq` for the customer, both dense in a conversation."""

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
            models.UniqueConstraint(fields=["conversation_id", "seq"], name="one_entry_a_seq"),
            models.UniqueConstraint(fields=["conversation_id", "customer_seq"], name="one_entry_a_customer_seq"),
        ]
        indexes = [
            models.Index(fields=["kind", "id"], name="journal_by_kind"),
            models.Index(fields=["actor_kind", "actor_id", "id"], name="journal_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.actor_kind), self.actor_id)
