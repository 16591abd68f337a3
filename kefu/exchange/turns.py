"""Turns at the platform's ledger: so many questions at once in this process, and none for a while after one that hung."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore, Lock, Thread

log = logging.getLogger(__name__)

AT_ONCE = 4
# Whoever waits for a turn holds one of the few threads that draw pages.
TURN_SECONDS = 2.0
# A ledger that hung is let be for so long, times the questions that still hang there.
REST_SECONDS = 45.0
LONGEST_REST_SECONDS = 600.0


class Unavailable(RuntimeError):
    """The ledger can't say just now. The customer is told to look again after `retry_after`, where that is known.

    Raises TypeError for what is no timedelta.
    """

    def __init__(self, retry_after: timedelta | None = None) -> None:
        super().__init__("the ledger can't say")
        if not isinstance(retry_after, timedelta | None):
            raise TypeError("retry_after is a timedelta")
        self.retry_after = retry_after


class Busy(Unavailable):
    """The ledger answers, and more people ask at this moment than it is asked for at once."""


class Turns:
    def __init__(self) -> None:
        self._free = BoundedSemaphore(AT_ONCE)
        self._mutex = Lock()
        self._left: list[Thread] = []
        self._rests_until = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Raises Unavailable while the ledger rests, and Busy where the others take long."""
        self._raise_if_at_rest()
        has_turn = self._free.acquire(timeout=TURN_SECONDS)
        try:
            self._raise_if_at_rest()
            if not has_turn:
                raise Busy
            yield
        finally:
            if has_turn:
                self._free.release()

    def leave_behind(self, asking: Thread) -> None:
        """A question was not answered in time; its thread may never end. Those that hang together begin one rest."""
        with self._mutex:
            self._left = [*(one for one in self._left if one.is_alive()), asking]
            if time.monotonic() < self._rests_until:
                return
            seconds = min(REST_SECONDS * len(self._left), LONGEST_REST_SECONDS)
            self._rests_until = time.monotonic() + seconds
        log.warning("ledger.hung rests_seconds=%d", seconds)

    def _raise_if_at_rest(self) -> None:
        left = self._rests_until - time.monotonic()
        if left > 0:
            raise Unavailable(timedelta(seconds=left))
