"""A thread that does one thing over and over: while there is more, when woken, and once a second."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import Error, close_old_connections, connection

log = logging.getLogger("kefu.background")

LOOKS_EVERY = 1.0
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0


class Rest:
    """The pause after an error: said once, longer each time, over with the first success."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pause = 0.0

    def failed(self, problem: Exception) -> None:
        if not self.pause:
            log.error("loop_failed", extra={"loop": self.name}, exc_info=problem)
        self.pause = min(LONGEST_PAUSE, self.pause * 2 or FIRST_PAUSE)
        try:
            connection.close()
        except (Error, OSError):
            connection.connection = None

    def succeeded(self) -> None:
        if self.pause:
            log.warning("loop_recovered", extra={"loop": self.name})
        self.pause = 0.0


class Loop:
    """Calls `step` as long as it says that there is more; after an error `recover` comes first."""

    def __init__(
        self, name: str, step: Callable[[], bool], *, recover: Callable[[], None] | None = None
    ) -> None:
        self.rest = Rest(name)
        self._step = step
        self._recover = recover
        self._woken = threading.Event()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        """Ask it to end after the present step."""
        self._is_stopping.set()
        self._woken.set()

    @property
    def has_ended(self) -> bool:
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            self._woken.clear()
            if self._is_more():
                continue
            if self.rest.pause:
                # While the database is away a ring is no reason to hurry.
                self._is_stopping.wait(self.rest.pause)
            elif not self._is_stopping.is_set():
                self._woken.wait(LOOKS_EVERY)
        connection.close()

    def _is_more(self) -> bool:
        try:
            close_old_connections()
            if self.rest.pause and self._recover:
                self._recover()
            is_more = self._step()
        except Exception as problem:  # noqa: BLE001 - a loop outlives whatever it is; Rest writes it down
            self.rest.failed(problem)
            return False
        self.rest.succeeded()
        return is_more
