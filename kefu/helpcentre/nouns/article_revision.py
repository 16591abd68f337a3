from __future__ import annotations

from django.db import models

from kefu.journal.revisions import Revision


class ArticleRevision(Revision):
    """What somebody changed in the frame of an article: shelf, address, audience, owner, day of review."""

    article = models.ForeignKey(
        "helpcentre.Article", on_delete=models.CASCADE, related_name="frame_revisions"
    )

    class Meta(Revision.Meta):
        indexes = [models.Index(fields=["article", "id"], name="revisions_by_article")]

    def __str__(self) -> str:
        return f"revision {self.pk} of article {self.article_id}"
