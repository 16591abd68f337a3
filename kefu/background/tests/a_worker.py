"""A worker process for tests: it says "ready", then works."""

from __future__ import annotations

import os
import sys

from kefu.journal.tests.children import become_child, say


def work() -> None:
    from kefu.background.worker import run
    from kefu.journal.listeners import Listener, Listeners
    from kefu.journal.models import Entry
    from kefu.journal.rings import WorkerEar

    class Ear(WorkerEar):
        def start(self) -> None:
            super().start()
            say("ready", os.getpid())

    def tell(entry: Entry) -> None:
        say("followed", entry.pk)

    run(
        listeners=Listeners([Listener("tests.tells", {"journal.tested"}, tell)]),
        schedule=[],
        ear=Ear(),
    )


def work_as_a_grandchild() -> None:
    """Fork: the parent waits to be killed, the child works and has to notice."""
    if os.fork():
        sys.stdin.read()
        os._exit(0)
    work()
    say("ended")


if __name__ == "__main__":
    options = become_child()
    if options.get("forks"):
        work_as_a_grandchild()
    else:
        work()
