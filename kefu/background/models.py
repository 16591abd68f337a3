"""Who works, and which recurring jobs had their turn."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now


class Beat(models.Model):
    """One worker process that says it is alive; `place` is where its process id means something."""

    worker_id = models.CharField(primary_key=True, max_length=64)
    place = models.CharField(max_length=100, blank=True)
    pid = models.BigIntegerField()
    started_at = models.DateTimeField(default=now)
    beat_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.worker_id} pid {self.pid}"


class Tick(models.Model):
    """A recurring job had its turn in this minute; the row makes it once among all workers."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60)
    minute = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "minute"], name="one_turn_a_minute")]

    def __str__(self) -> str:
        return f"{self.name} {self.minute:%Y-%m-%d %H:%M}"
