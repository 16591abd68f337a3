from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.conversations.nouns.conversation import Conversation
from kefu.safety.fields import GuardedTextField


class DraftKind(models.TextChoices):
    REPLY = "reply"
    NOTE = "note"


class Draft(models.Model):
    """What an agent has begun to write; one for each kind in a conversation."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=5, choices=DraftKind.choices)
    text = GuardedTextField()
    saved_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "conversation", "kind"], name="one_draft_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} draft in {self.conversation_id}"
