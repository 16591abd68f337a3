from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.message import Message
from kefu.conversations.querysets import AttachmentQuerySet
from kefu.safety.fields import GuardedTextField
from kefu.safety.files.kinds import FileKind, Problem

LONGEST_STORED_NAME = 160


class FileState(models.TextChoices):
    """Only what is ready is ever served."""

    RECEIVING = "receiving"
    CHECKING = "checking"
    READY = "ready"
    REFUSED = "refused"


def new_key() -> str:
    """128 random bits: the file's name in addresses and on disk."""
    return secrets.token_hex(16)


class Attachment(models.Model):
    """A file that somebody sends into a conversation. Without a message it is only on its way; its bytes never change."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="attachments")
    # Its place among the files of its message, as they were chosen.
    place = models.PositiveSmallIntegerField(default=0)
    uploader = models.CharField(max_length=30)
    client_id = models.CharField(max_length=64)
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    name = GuardedTextField(max_length=LONGEST_STORED_NAME)
    kind = models.CharField(
        max_length=10, choices=[(kind.value, kind.value) for kind in FileKind], blank=True
    )
    content_type = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.RECEIVING)
    problem = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Problem], blank=True)
    # As announced while it is on its way; afterwards of what we keep.
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # How often a check has begun; one that kills its worker is not begun for ever.
    checks = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["uploader", "client_id"], name="one_file_a_client_id"),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(message=None), name="files_not_said"),
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"

    @property
    def is_picture(self) -> bool:
        return self.kind == FileKind.PICTURE

    @property
    def is_up(self) -> bool:
        """All of it has come in, and nothing is known against it."""
        return self.state in {FileState.CHECKING, FileState.READY}


class LooseBytes(models.Model):
    """Bytes whose row is gone, whatever removed it; a day after this was seen they go too."""

    key = models.CharField(max_length=32, primary_key=True)
    seen_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"bytes without a row since {self.seen_at}"
