"""What the Channels reference stores: the three rows of a message, by Django's own means."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Conversation(models.Model):
    seq = models.BigIntegerField(default=0)
    last_line = models.CharField(max_length=160, default="")
    last_at = models.DateTimeField(null=True)
    objects: ClassVar[models.Manager[Conversation]] = models.Manager()

    class Meta:
        app_label = "reference"

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class Message(models.Model):
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    client_id = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    at = models.DateTimeField()
    objects: ClassVar[models.Manager[Message]] = models.Manager()

    class Meta:
        app_label = "reference"

    def __str__(self) -> str:
        return f"message {self.pk}"


class Entry(models.Model):
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()
    objects: ClassVar[models.Manager[Entry]] = models.Manager()

    class Meta:
        app_label = "reference"

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_id}"
