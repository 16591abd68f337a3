from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from kefu.accounts.models import Agent

if TYPE_CHECKING:
    from kefu.helpcentre.models import Article


class PresenceQuerySet(models.QuerySet["Presence"]):
    def now_at(self, article: Article, language: str, *, at: datetime) -> Self:
        """Who has this text open, whoever came first before the others."""
        here = self.filter(article=article, language=language, ends_at__gt=at)
        return here.select_related("agent").order_by("came_at", "pk")


class Presence(models.Model):
    """A lease: an editor has one language of an article open, and since when they have typed what is not saved.

    Their page renews it while it is open; of a page that is gone it ends by itself, and no row outlives that for long.
    """

    article = models.ForeignKey("helpcentre.Article", on_delete=models.CASCADE, related_name="presences")
    language = models.CharField(max_length=12)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="presences")
    came_at = models.DateTimeField()
    changing_since = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(db_index=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language", "agent"], name="one_presence_a_text")
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} at {self.article_id} {self.language}"
