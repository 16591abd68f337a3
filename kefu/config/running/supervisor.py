"""Starts children, starts again what dies, ends all together. Standard library only: it is there at once."""

from __future__ import annotations

import logging
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from types import FrameType

from kefu.config.running.children import Child, Part

log = logging.getLogger("kefu.supervisor")
Process = subprocess.Popen[bytes]

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PATIENCE = 30.0
# Whoever asks again has this much; but what comes within a second of the first is the same wish, told twice: a
# terminal that closes and a service manager may send several signals, also to the children.
IMPATIENCE, AGAIN_AFTER = 3.0, 1.0


class Ended(Exception):
    """Somebody asked Kefu to end."""


class Supervisor:
    """Keeps parts running until a signal asks for the end.

    Children hold the reading end of a pipe whose writing end only this process has: however it dies,
    they see the pipe close and end too.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.children: list[Child] = []
        self.is_ending = False
        self.is_asked_again = False
        self._asked_at = 0.0
        self._selector = selectors.DefaultSelector()
        self._seen: dict[int, Callable[[], None]] = {}

    def __enter__(self) -> Supervisor:
        self._lifeline, self._held = os.pipe()
        self._woken, self._waker = os.pipe()
        for end in (self._woken, self._waker):
            os.set_blocking(end, False)
        self._wakeup_before = signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        self._handlers_before = {
            number: signal.signal(number, self._note) for number in (*ENDING, signal.SIGCHLD)
        }
        self.watch(self._woken, self._drain)
        return self

    def __exit__(self, *_: object) -> None:
        self.end_all()
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._handlers_before.items():
            signal.signal(number, handler)
        self._selector.close()
        for descriptor in (self._lifeline, self._held, self._woken, self._waker):
            os.close(descriptor)

    def watch(self, descriptor: int, react: Callable[[], None]) -> None:
        """Call `react` from wait() whenever the descriptor can be read."""
        self._seen[descriptor] = react
        self._selector.register(descriptor, selectors.EVENT_READ)

    def unwatch(self, descriptor: int) -> None:
        if self._seen.pop(descriptor, None):
            self._selector.unregister(descriptor)

    def add(self, parts: Iterable[Part]) -> None:
        self.children += [Child(part) for part in parts]
        self._start_due()

    def run_once(self, part: Part) -> int:
        """Run a part to its end and return its code. Raises Ended when asked to end meanwhile."""
        child = Child(part)
        child.start(lifeline=self._lifeline, environ=self.environ)
        self.children.append(child)
        try:
            while (code := child.take_code()) is None:
                self.wait(60.0)
        finally:
            if child.process is None:
                self.children.remove(child)
        return code

    def tend(self) -> list[tuple[Child, int]]:
        """Wait for news, start what is due, and tell who died and how."""
        self._start_due()
        self.wait(min((child.pause_left for child in self.children if not child.process), default=60.0))
        died = [(child, code) for child in self.children if (code := child.take_code()) is not None]
        for child, code in died:
            log.warning(
                "child_ended",
                extra={"child": child.part.name, "code": code, "pause": round(child.pause_left, 1)},
            )
        return died

    def wait(self, seconds: float) -> None:
        """Sleep until a signal, a watched descriptor or the time. Raises Ended when asked to end."""
        for key, _ in self._selector.select(seconds):
            self._seen.get(key.fd, _nothing)()
        if self.is_ending:
            raise Ended

    def end_all(self) -> None:
        """SIGTERM for everybody, half a minute to finish, then the end by force; sooner, when somebody asks again."""
        running = [child.process for child in self.children if child.process]
        for process in running:
            process.terminate()
        self._wait_for(running, PATIENCE, lambda: self.is_asked_again)
        if self.is_asked_again:
            # They end at once by this; what hangs even so is killed.
            for process in running:
                process.terminate()
            self._wait_for(running, IMPATIENCE)
        if _living(running):
            log.error("children_killed", extra={"children": len(_living(running))})
            for process in running:
                process.kill()
            self._wait_for(running, PATIENCE)
        self.children = []

    def _wait_for(
        self, processes: list[Process], seconds: float, or_until: Callable[[], bool] = lambda: False
    ) -> None:
        deadline = time.monotonic() + seconds
        while _living(processes) and not or_until() and (left := deadline - time.monotonic()) > 0:
            self._selector.select(min(left, 1.0))
            self._drain()

    def _start_due(self) -> None:
        at = time.monotonic()
        for child in self.children:
            if child.is_due(at):
                child.start(lifeline=self._lifeline, environ=self.environ)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number not in ENDING:
            return
        at = time.monotonic()
        self.is_asked_again = self.is_ending and at - self._asked_at > AGAIN_AFTER
        self._asked_at = self._asked_at if self.is_ending else at
        self.is_ending = True

    def _drain(self) -> None:
        try:
            os.read(self._woken, 4096)
        except BlockingIOError:
            return


def _living(processes: Iterable[Process]) -> list[Process]:
    return [process for process in processes if process.poll() is None]


def _nothing() -> None:
    return
