from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.timezone import now

from kefu.helpcentre.querysets import RevisionQuerySet
from kefu.helpcentre.text import LONGEST_SUMMARY, LONGEST_TITLE, Text
from kefu.journal.actor import Actor, ActorKind
from kefu.safety.fields import PlainTextField

LONGEST_NOTE = 300


class State(models.TextChoices):
    """Where a revision stands. What is published is superseded by the next; so is a draft by the one saved after it."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Size(models.TextChoices):
    """How much a published change says anew. A typo asks nothing of the other languages."""

    TYPO = "typo"
    MEDIUM = "medium"
    MAJOR = "major"


class Revision(models.Model):
    """One save of one language: never changed afterwards but in its state, and never deleted while the article lives.

    `of_source` is the number of the source language's revision that it was written against.
    """

    translation = models.ForeignKey(
        "helpcentre.Translation", on_delete=models.CASCADE, related_name="revisions"
    )
    number = models.PositiveIntegerField()
    title = PlainTextField(max_length=LONGEST_TITLE)
    summary = PlainTextField(max_length=LONGEST_SUMMARY, blank=True)
    synonyms = models.JSONField(default=list)
    source = PlainTextField(blank=True)
    note = PlainTextField(max_length=LONGEST_NOTE, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    size = models.CharField(max_length=8, choices=Size.choices, blank=True)
    of_source = models.PositiveIntegerField(null=True, blank=True)
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(default=now, editable=False)
    publish_at = models.DateTimeField(null=True, blank=True)
    # The moment at which it should have been published by itself and could not be, and why: a Problem's values.
    missed_at = models.DateTimeField(null=True, blank=True)
    missed_because: models.JSONField[Any, Any] = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True, blank=True)
    # Who decided that readers see it, which may be somebody else than who wrote it.
    publisher_id = models.BigIntegerField(null=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["translation_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["translation", "number"], name="one_revision_a_number"),
            models.UniqueConstraint(
                fields=["translation"], condition=models.Q(state="published"), name="one_published_revision"
            ),
        ]
        indexes = [models.Index(fields=["state", "publish_at"], name="revisions_by_state")]

    def __str__(self) -> str:
        return f"{self.translation_id} #{self.number}"

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.actor_kind), self.actor_id)

    @property
    def text(self) -> Text:
        return Text(title=self.title, summary=self.summary, synonyms=tuple(self.synonyms), source=self.source)

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way to readers."""
        return self.state in {State.DRAFT, State.REVIEW, State.SCHEDULED}
