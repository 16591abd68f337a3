"""What a change of settings leaves behind: before and after, by whom and when. Each room keeps its own rows of this shape."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.utils.timezone import now

from kefu.journal.actor import Actor, ActorKind


class Revision(models.Model):
    """One change of one thing's settings; the entry in the journal has its id, and its values stay here."""

    actor_kind = models.CharField(
        max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind], default=ActorKind.AGENT.value
    )
    actor_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(default=now, editable=False)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        abstract = True
        ordering = ["-id"]

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.actor_kind), self.actor_id)


R = TypeVar("R", bound=Revision)


class ChangedMeanwhile(Exception):
    """Somebody has changed the same settings since they were read; `revision` is what they did."""

    def __init__(self, revision: Revision) -> None:
        super().__init__(f"changed by {revision.actor} in revision {revision.pk}")
        self.revision = revision


def newest(revisions: models.QuerySet[R]) -> int:
    """What a page remembers of the settings that it shows; 0 before the first change."""
    return revisions.order_by("-pk").values_list("pk", flat=True).first() or 0


def require_unchanged(revisions: models.QuerySet[R], seen: int | None) -> None:
    """Raises ChangedMeanwhile if there is a revision behind `seen`. None asks nothing: a command has read no page.

    The caller holds the lock of what the revisions are about.
    """
    if seen is None:
        return
    later = revisions.filter(pk__gt=seen).order_by("-pk").first()
    if later is not None:
        raise ChangedMeanwhile(later)
