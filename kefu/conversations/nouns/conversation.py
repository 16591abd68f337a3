from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from kefu.accounts.models import Agent, Customer, Team
from kefu.brands.models import Brand
from kefu.conversations.querysets import ConversationQuerySet, TopicQuerySet
from kefu.safety.fields import GuardedTextField


class State(models.TextChoices):
    OPEN = "open"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Turn(models.TextChoices):
    """Who must act. First and next reply are ours; paused and done are shown, not stored."""

    FIRST_REPLY = "first_reply"
    NEXT_REPLY = "next_reply"
    CUSTOMER = "customer"
    INVESTIGATING = "investigating"
    TELL_CUSTOMER = "tell_customer"
    NONE = "none"


OURS = (Turn.FIRST_REPLY, Turn.NEXT_REPLY, Turn.TELL_CUSTOMER)


class Topic(models.Model):
    """What a customer chooses before writing; it names the team that answers. Names and notes are by language."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="topics")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="topics")
    key = models.SlugField()
    names = models.JSONField(default=dict)
    notes = models.JSONField(default=dict, blank=True)
    icon = models.CharField(max_length=30, default="question")
    place = models.PositiveSmallIntegerField(default=0)
    # Since when nobody can choose it any more; conversations about it go on.
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["brand", "key"], name="one_topic_a_key")]

    def __str__(self) -> str:
        return self.key

    def name_in(self, language: str) -> str:
        return str(self.names.get(language) or self.names.get("zh-hans") or self.key)

    def note_in(self, language: str) -> str:
        return str(self.notes.get(language) or "")


class Conversation(models.Model):
    """One customer, one topic, over any channel. Its two counters are given under its row lock, so they have no holes."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="conversations")
    ref = models.CharField(max_length=24, unique=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="conversations")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="conversations")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="conversations")
    assignee = models.ForeignKey(
        Agent, on_delete=models.SET_NULL, null=True, blank=True, related_name="conversations"
    )
    channel = models.CharField(max_length=20)
    client_id = models.CharField(max_length=64)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    turn = models.CharField(max_length=14, choices=Turn.choices, default=Turn.NONE)
    turn_since = models.DateTimeField(default=now)
    # Whether the turn is ours, kept beside it so that lists can be read off an index in the order of work.
    waits_for_us = models.BooleanField(default=False)
    last_line = GuardedTextField(max_length=160, blank=True)
    last_by_staff = models.BooleanField(default=False)
    last_message_at = models.DateTimeField(default=now)
    # The staff counter at the last thing that the customer or a colleague said to the customer: what a reply must have seen.
    spoken_seq = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    customer_seq = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField(default=now)
    resolved_at = models.DateTimeField(null=True)
    # Its customer was forgotten: not a word is left in it, and none may come.
    erased_at = models.DateTimeField(null=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "client_id"], name="one_conversation_a_client_id")
        ]
        indexes = [
            models.Index(
                F("team"),
                F("waits_for_us").desc(),
                F("turn_since"),
                F("id"),
                condition=~Q(state="resolved"),
                name="open_by_team",
            ),
            models.Index(
                F("assignee"),
                F("waits_for_us").desc(),
                F("turn_since"),
                F("id"),
                condition=~Q(state="resolved"),
                name="open_by_assignee",
            ),
            models.Index(
                F("team"),
                F("resolved_at").desc(),
                F("id").desc(),
                condition=Q(state="resolved"),
                name="resolved_by_team",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def is_resolved(self) -> bool:
        return self.state == State.RESOLVED

    def give_turn(self, turn: Turn, at: datetime) -> None:
        """Whose turn it is from this moment on."""
        self.turn, self.turn_since, self.waits_for_us = turn, at, turn in OURS
