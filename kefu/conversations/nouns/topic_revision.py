from __future__ import annotations

from django.db import models

from kefu.brands.models import Brand
from kefu.journal.revisions import Revision


class TopicRevision(Revision):
    """What somebody changed in a topic, before and after; empty before it was there."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="topic_revisions")
    topic = models.ForeignKey("conversations.Topic", on_delete=models.CASCADE, related_name="revisions")

    class Meta(Revision.Meta):
        indexes = [models.Index(fields=["brand", "id"], name="topic_revisions_by_brand")]

    def __str__(self) -> str:
        return f"revision {self.pk} of topic {self.topic_id}"
