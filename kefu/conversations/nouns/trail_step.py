from __future__ import annotations

from django.db import models

from kefu.conversations.nouns.conversation import Conversation
from kefu.safety.fields import GuardedTextField


class TrailStep(models.Model):
    """A page that the customer read, or words that they searched for, before they asked; told by their browser, in order.

    `kind` is a registered kind of page (`kefu.conversations.trails`), or `search`, which has words and no page.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="trail")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField(null=True)
    words = GuardedTextField(blank=True)

    class Meta:
        ordering = ["conversation_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "place"], name="one_trail_step_a_place")
        ]
        indexes = [models.Index(fields=["kind", "object_id"], name="trail_steps_of_page")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id or ''} of {self.conversation_id}"
