"""What safety has to have done every night."""

from __future__ import annotations

from django.utils.timezone import now

from kefu.background.schedule import Recurring, daily
from kefu.background.tasks import task
from kefu.safety.retention import retain_all


@task()
def retain() -> None:
    """Remove whatever is past its time."""
    retain_all(now())


# 03:40 in Shanghai, where it is night for most customers.
SCHEDULE: tuple[Recurring, ...] = (daily(19, 40, "safety.retain", retain),)
