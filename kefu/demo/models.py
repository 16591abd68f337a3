"""What the demo keeps of its own: the letters of an exchange that has no mail server."""

from __future__ import annotations

from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from functools import cached_property

from django.db import models
from django.utils.timezone import now

from kefu.mailroom.models import Letter
from kefu.safety.fields import EncryptedTextField


class OutboxLetter(models.Model):
    """A letter as its reader would have it in the mailbox. It goes when the letter's own row goes."""

    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="in_outbox")
    raw = EncryptedTextField()
    arrived_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"letter {self.letter_id} in the outbox"

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_string(self.raw, policy=default)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def recipient(self) -> str:
        return str(self.message["To"])

    def part(self, subtype: str) -> str:
        """The text ("plain") or the HTML ("html") of the letter."""
        found = self.message.get_body((subtype,))
        return str(found.get_content()) if found is not None else ""
