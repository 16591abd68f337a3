"""Recurring jobs: each turn is enqueued once, however many workers look at the clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django_tasks_db.compat import Task

from kefu.background.models import Tick
from kefu.background.tasks import enqueue

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Recurring:
    """A task without arguments with one turn a `period`, counted from the epoch in UTC plus `offset`."""

    name: str
    task: Task[[], Any]
    period: timedelta
    offset: timedelta = timedelta()

    def latest_turn(self, at: datetime) -> datetime:
        return at - (at - EPOCH - self.offset) % self.period


def every(minutes: int, name: str, task: Task[[], Any]) -> Recurring:
    return Recurring(name, task, timedelta(minutes=minutes))


def hourly(minute: int, name: str, task: Task[[], Any]) -> Recurring:
    """Once an hour, at this minute."""
    return Recurring(name, task, timedelta(hours=1), timedelta(minutes=minute))


def daily(hour: int, minute: int, name: str, task: Task[[], Any]) -> Recurring:
    """Once a day, at this time in UTC."""
    return Recurring(name, task, timedelta(days=1), timedelta(hours=hour, minutes=minute))


def take_turns(schedule: Iterable[Recurring], *, at: datetime) -> int:
    """Enqueue whose turn it is, or was while no worker lived; the number of jobs enqueued by us.

    A turn that was missed is made up for once. A job that is new waits for its first turn; the one before is written
    down as had when the job is first seen, so that its first can be missed and made up for like any other.
    """
    jobs = list(schedule)
    names = [job.name for job in jobs]
    last = dict(Tick.objects.filter(name__in=names).values_list("name").annotate(Max("minute")))
    return sum(_take_turn(job, at=at, last=last.get(job.name)) for job in jobs)


def _take_turn(job: Recurring, *, at: datetime, last: datetime | None) -> bool:
    turn = job.latest_turn(at)
    if last is not None and last >= turn:
        return False
    is_due = last is not None or at - turn < MINUTE
    with transaction.atomic():
        _, is_ours = Tick.objects.get_or_create(name=job.name, minute=turn)
        if is_ours and is_due:
            enqueue(job.task)
    return is_ours and is_due


def forget_turns(*, before: datetime) -> int:
    """Delete old turns; the latest of a job is needed as long as its period is."""
    return Tick.objects.filter(minute__lt=before).delete()[0]
