"""The contract of a way between processes, and which one this installation takes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

# Called with each frame as it comes, in the hearing thread.
Take = Callable[[bytes], None]


# How far apart rings are that a process sends: each wakes every other process, NOTIFY commits one after the other in the
# whole cluster, and people see no difference.
APART = 0.02


class TransportLost(Exception):
    """The way is not there at the moment; ask again after a pause."""


class Transport(Protocol):
    """`send` is called by one thread only, `hear` by another, both of them not the caller's."""

    # What is sent is at least so many seconds apart; the first of a burst goes at once.
    apart: float
    # So many bytes a frame may have.
    largest: int

    def send(self, frame: bytes) -> None:
        """Give a frame to every other process that hears. Raises TransportLost."""

    def hear(self, take: Take, *, on_open: Callable[[], None], stopping: threading.Event) -> None:
        """Open an ear, say so, and hear until `stopping` and stop_hearing(). Raises TransportLost."""

    def stop_hearing(self) -> None:
        """Let hear() look at `stopping` now; from any thread."""

    def close(self) -> None:
        """Give back what send() holds."""
