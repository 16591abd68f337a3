from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.participant import Participant
from kefu.safety.fields import GuardedTextField


class Visibility(models.TextChoices):
    STAFF = "staff"
    CUSTOMER = "customer"
    PUBLIC = "public"


class TextFormat(models.TextChoices):
    PLAIN = "plain"
    MARKDOWN = "markdown"


class Origin(models.TextChoices):
    LIVE = "live"
    IMPORT = "import"


class Message(models.Model):
    """Something said. Its place in a thread is (occurred_at, id); its client id is the sender's, for ever."""

    # Found by the index of the thread. What each message is put into costs each message.
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    # Nobody asks for all that a participant said, and none who has spoken is deleted.
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    sender = models.CharField(max_length=30)
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.CUSTOMER)
    text = GuardedTextField()
    # What the guard took out of the text, as kinds: ["mnemonic"].
    secrets = models.JSONField(default=list)
    # Whoever draws it asks for its files only if there are any.
    file_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    format = models.CharField(max_length=8, choices=TextFormat.choices, default=TextFormat.PLAIN)
    language = models.CharField(max_length=12, blank=True)
    language_from = models.CharField(max_length=10, blank=True)
    in_reply_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    channel_account = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200, null=True)
    client_id = models.CharField(max_length=64)
    # The hash of what was sent, before the guard, keyed: the same client id with other content is a conflict.
    content_hash = models.CharField(max_length=64)
    seq = models.BigIntegerField()
    customer_seq = models.BigIntegerField(null=True)
    occurred_at = models.DateTimeField(default=now)
    received_at = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True)
    redacted_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.LIVE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "client_id"], name="one_message_a_client_id"),
            models.UniqueConstraint(
                fields=["channel_account", "external_id"],
                condition=Q(external_id__isnull=False),
                name="one_message_an_external_id",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "occurred_at", "id"], name="message_in_thread"),
            models.Index(
                fields=["in_reply_to"], condition=Q(in_reply_to__isnull=False), name="message_that_answers"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    def is_seen_by_customer(self) -> bool:
        """Whether the customer has had it on the screen; one query. A note has no customer who could."""
        seen = Participant.objects.filter(
            conversation=self.conversation_id, customer__isnull=False, seen_seq__gte=self.customer_seq or 0
        )
        return self.customer_seq is not None and seen.exists()
