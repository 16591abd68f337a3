"""What the queue itself has to have swept."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import now

from kefu.background.running import prune
from kefu.background.schedule import Recurring, daily, forget_turns
from kefu.background.tasks import task

DONE_KEPT_FOR = timedelta(days=7)
# Dead letters wait longer, for somebody to look at them.
FAILED_KEPT_FOR = timedelta(days=30)
TURNS_KEPT_FOR = timedelta(days=60)


@task()
def sweep() -> None:
    """Delete what is finished and old."""
    prune(done=DONE_KEPT_FOR, failed=FAILED_KEPT_FOR)
    forget_turns(before=now() - TURNS_KEPT_FOR)


# 03:20 in Shanghai, where it is night for most customers.
HOUSEKEEPING: tuple[Recurring, ...] = (daily(19, 20, "background.sweep", sweep),)
