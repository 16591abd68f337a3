from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.timezone import now

from kefu.conversations.nouns.conversation import Conversation

ENDS_AFTER = timedelta(days=90)


class PrivateLink(models.Model):
    """256 random bits, stored hashed, that read and answer one conversation until 90 days after it was resolved."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="private_links")
    token_hash = models.CharField(max_length=64, unique=True)
    # Of the address to which we sent it, as its identity has it; "" for what a page has shown.
    address_hash = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link into {self.conversation_id}"

    @property
    def ends_at(self) -> datetime | None:
        """None while the conversation is open."""
        resolved_at = self.conversation.resolved_at
        return resolved_at + ENDS_AFTER if resolved_at is not None else None

    @property
    def has_ended(self) -> bool:
        return self.revoked_at is not None or (self.ends_at is not None and self.ends_at < now())
