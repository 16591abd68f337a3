"""What the index has done for it by itself: after an update brought other ideas, everything is written anew."""

from __future__ import annotations

from kefu.background.schedule import Recurring, every
from kefu.background.tasks import task
from kefu.search.actions import renew
from kefu.search.registry import sources


@task()
def renew_index() -> None:
    """Write what is missing from the index, or was made by another edition of the ideas; mostly nothing."""
    for source in sources():
        renew(source=source)


SCHEDULE: tuple[Recurring, ...] = (every(1, "search.renew", renew_index),)
