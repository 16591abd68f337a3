"""What the worker process works at: the house's listeners and its schedule."""

from __future__ import annotations

from kefu.background.worker import run
from kefu.config.wiring import LISTENERS, SCHEDULE
from kefu.journal.listeners import Listeners
from kefu.journal.rings import WorkerEar


def work() -> None:
    """Until SIGTERM or the supervisor's end."""
    run(listeners=Listeners(LISTENERS), schedule=SCHEDULE, ear=WorkerEar())
