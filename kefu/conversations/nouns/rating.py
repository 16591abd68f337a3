from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from kefu.accounts.models import Agent, Team
from kefu.conversations.nouns.conversation import Conversation
from kefu.safety.fields import GuardedTextField


class Verdict(models.TextChoices):
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"


class Rating(models.Model):
    """What the customer says of one resolution; a later word of theirs takes the place of an earlier one.

    Team and agent are those of the conversation at that moment, so that reports stay true when it moves on.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="ratings")
    # The moment that it was resolved: which of its resolutions is meant.
    of_resolution = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    words = GuardedTextField(blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    rated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "of_resolution"], name="one_rating_a_resolution")
        ]
        indexes = [models.Index(fields=["team", "rated_at"], name="ratings_of_team")]

    def __str__(self) -> str:
        return f"{self.verdict} of {self.conversation_id}"
