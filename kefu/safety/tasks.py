"""What safety has to have done every night, and as soon as it can be."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import now

from kefu.background.schedule import Recurring, daily
from kefu.background.tasks import TryLater, task
from kefu.safety import sqlite_log
from kefu.safety.retention import retain_all

# A reader that nobody ends keeps the log for as long as it reads. It is asked about for hours, and every night anew.
LOG_TRIED_EVERY = timedelta(seconds=30)
LOG_TRIES = 480


@task()
def retain() -> None:
    """Remove whatever is past its time."""
    retain_all(now())


@task(tries=LOG_TRIES)
def empty_log() -> None:
    """Let SQLite's log hold nothing any more of what was erased."""
    if not sqlite_log.empty_log():
        raise TryLater(LOG_TRIED_EVERY)


# 03:40 in Shanghai, where it is night for most customers.
SCHEDULE: tuple[Recurring, ...] = (
    daily(19, 40, "safety.retain", retain),
    daily(19, 50, "safety.empty_log", empty_log),
)
