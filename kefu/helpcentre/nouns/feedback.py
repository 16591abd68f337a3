from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.helpcentre.querysets import FeedbackQuerySet
from kefu.safety.fields import GuardedTextField

LONGEST_WORDS = 1000


class Verdict(models.TextChoices):
    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"


class Reason(models.TextChoices):
    """Why an article did not help."""

    STILL_STUCK = "still_stuck"
    OTHER_QUESTION = "other_question"
    UNCLEAR = "unclear"
    WRONG = "wrong"


class Feedback(models.Model):
    """What one reader said of the revision that they read, without a word of who they are.

    `client_id` is random and made for this one answer, so that a reason and words join it, and twice is once. Of one network
    the newest answer of a day counts; `network` is a keyed hash that knows the day, and is gone when the day is over.
    """

    translation = models.ForeignKey(
        "helpcentre.Translation", on_delete=models.CASCADE, related_name="feedback"
    )
    revision = models.PositiveIntegerField()
    client_id = models.CharField(max_length=64)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    words = GuardedTextField(blank=True)
    is_counted = models.BooleanField(default=True)
    network = models.CharField(max_length=64, blank=True)
    given_at = models.DateTimeField(default=now)
    # When a letter told the owner of its words.
    told_at = models.DateTimeField(null=True, blank=True)
    # Until somebody of us has done with it, it stands in the list of what readers say.
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["translation", "client_id"], name="one_feedback_a_client_id")
        ]
        indexes = [
            models.Index(fields=["translation", "revision", "given_at"], name="feedback_of_revision"),
            models.Index(
                fields=["translation", "network"], condition=~models.Q(network=""), name="feedback_of_today"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} of {self.translation_id} #{self.revision}"
