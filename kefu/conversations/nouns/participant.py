from __future__ import annotations

from django.db import models
from django.db.models import Q

from kefu.accounts.models import Agent, Customer
from kefu.journal.actor import Actor, agent_actor, customer_actor


class Participant(models.Model):
    """Somebody in a conversation. Delivered and seen are cursors: the staff or customer counter up to which they have it."""

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="participants"
    )
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="+")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+")
    delivered_seq = models.BigIntegerField(default=0)
    seen_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False, agent__isnull=True)
                | Q(customer__isnull=True, agent__isnull=False),
                name="participant_is_one_person",
            ),
            models.UniqueConstraint(fields=["conversation", "agent"], name="agent_once_in_a_conversation"),
            models.UniqueConstraint(
                fields=["conversation", "customer"], name="customer_once_in_a_conversation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} in {self.conversation_id}"

    @property
    def actor(self) -> Actor:
        if self.agent_id is not None:
            return agent_actor(self.agent_id)
        return customer_actor(self.customer_id)  # type: ignore[arg-type]
