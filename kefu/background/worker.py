"""The worker process: a thread for each queue of tasks, one for listeners, and the main thread for beats and the clock."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import time
from collections.abc import Iterable
from types import FrameType
from typing import Protocol

from django.utils.timezone import now

from kefu.background.beats import BEATS_EVERY, beat, living_workers, stop_beating
from kefu.background.housekeeping import HOUSEKEEPING
from kefu.background.loops import Loop, Rest
from kefu.background.running import give_back, reap, run_next
from kefu.background.schedule import MINUTE, Recurring, take_turns
from kefu.background.tasks import Queue

log = logging.getLogger("kefu.background")

# How soon a signal or the parent's death is noticed.
LOOKS_EVERY = 0.25
REAPS_EVERY = 5.0
# On a busy house each message rings: what follows from them is looked for once, and holds up fewer writers.
GATHERS_FOR = 0.1


class Ear(Protocol):
    """What wakes the worker."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def wait_for_ring(self, timeout: float) -> bool: ...


class Follower(Protocol):
    """What follows the journal, a step at a time; whether there is more to do at once."""

    def step(self) -> bool: ...


def run(*, listeners: Follower, schedule: Iterable[Recurring], ear: Ear) -> None:
    """Work until SIGTERM, SIGINT or the parent's death; the running task and listener are finished first.

    In the main thread only. A second signal ends the process at once.
    """
    Worker(listeners=listeners, schedule=schedule, ear=ear).run()


class Worker:
    def __init__(self, *, listeners: Follower, schedule: Iterable[Recurring], ear: Ear) -> None:
        self.id = f"{os.getpid()}-{secrets.token_hex(8)}"
        self.ear = ear
        self.schedule = (*HOUSEKEEPING, *schedule)
        self.parent = os.getppid()
        self.is_asked_to_end = False
        self.beat_at = self.reaped_at = self.woken_at = float("-inf")
        self.minute = now() - MINUTE
        self.rest = Rest("upkeep")
        self.rests_until = 0.0
        self.loops = (
            *(self._loop_of(queue) for queue in Queue),
            Loop("listeners", listeners.step),
        )

    def _loop_of(self, queue: Queue) -> Loop:
        return Loop(
            f"{queue} tasks", lambda: run_next(self.id, queue), recover=lambda: give_back(self.id, queue)
        )

    def run(self) -> None:
        self._listen_to_signals()
        # No claim without a beat: others would take the task back at once.
        while not self._keep_up() and not self._should_end():
            self.ear.wait_for_ring(LOOKS_EVERY)
        self.ear.start()
        log.info("worker_started", extra={"worker": self.id})
        for loop in self.loops:
            loop.start()
        while not self._should_end():
            self._wait()
        self._end()

    def _wait(self) -> None:
        if self.ear.wait_for_ring(LOOKS_EVERY):
            # The first ring is followed at once, those of a busy house together.
            time.sleep(max(0.0, self.woken_at + GATHERS_FOR - time.monotonic()))
            self.woken_at = time.monotonic()
            for loop in self.loops:
                loop.wake()
        self._keep_up()

    def _should_end(self) -> bool:
        return self.is_asked_to_end or os.getppid() != self.parent

    def _end(self) -> None:
        for loop in self.loops:
            loop.stop()
        while not all(loop.has_ended for loop in self.loops):
            # Still alive as long as the last task runs.
            self.ear.wait_for_ring(LOOKS_EVERY)
            self._keep_up()
        self.ear.stop()
        try:
            stop_beating(self.id)
        except Exception:
            log.exception("beat_not_stopped")
        log.info("worker_ended", extra={"worker": self.id})

    def _keep_up(self) -> bool:
        """Beat, reap and look at the clock, each in its time; False while the database is away."""
        if time.monotonic() < self.rests_until:
            return False
        try:
            self._beat()
            self._reap()
            self._look_at_the_clock()
        except Exception as problem:  # noqa: BLE001 - the worker outlives whatever it is; Rest writes it down
            self.rest.failed(problem)
            self.rests_until = time.monotonic() + self.rest.pause
            return False
        self.rest.succeeded()
        return True

    def _beat(self) -> None:
        if time.monotonic() - self.beat_at >= BEATS_EVERY.total_seconds():
            beat(self.id)
            self.beat_at = time.monotonic()

    def _reap(self) -> None:
        if time.monotonic() - self.reaped_at >= REAPS_EVERY:
            self.reaped_at = time.monotonic()
            if reap(living_workers):
                for loop in self.loops:
                    loop.wake()

    def _look_at_the_clock(self) -> None:
        at = now()
        if self.is_asked_to_end or at - self.minute < MINUTE:
            return
        take_turns(self.schedule, at=at)
        self.minute = at.replace(second=0, microsecond=0)

    def _listen_to_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_end)

    def _ask_to_end(self, number: int, _: FrameType | None) -> None:
        # Nothing but a flag: locks are not safe here.
        self.is_asked_to_end = True
        signal.signal(number, signal.SIG_DFL)
