"""A child process: how it is started, how long it lived, when it may start again."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kefu.config.running.pauses import Pauses

# Ctrl-C, and a terminal that closes, reach everybody on it; only the supervisor acts on them, so nobody is asked twice.
OF_THE_TERMINAL = {signal.SIGINT, signal.SIGHUP}


@dataclass(frozen=True)
class Part:
    """One thing to keep running: a module, its arguments, and the descriptors that it inherits."""

    name: str
    module: str
    arguments: Sequence[str] = ()
    inherits: Sequence[int] = ()


@dataclass
class Child:
    """A part, its process when it has one, and the moment at which it is to start when it has none."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    start_at: float = 0.0
    started_at: float = 0.0
    pauses: Pauses = field(default_factory=Pauses)

    def start(self, *, lifeline: int, environ: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", self.part.module, "--lifeline", str(lifeline), *self.part.arguments]
        # A child has them held back from its first moment: later, one that is still reading its modules would die of them.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, OF_THE_TERMINAL)
        try:
            self.process = subprocess.Popen(
                command, env=dict(environ), stdin=subprocess.DEVNULL, pass_fds=(lifeline, *self.part.inherits)
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self.started_at = time.monotonic()

    def is_due(self, at: float) -> bool:
        return self.process is None and self.start_at <= at

    def take_code(self) -> int | None:
        """The exit code if it has just died, once; it may start again after its pause."""
        code = self.process.poll() if self.process else None
        if code is not None:
            died_at = time.monotonic()
            self.process = None
            self.start_at = died_at + self.pauses.after_a_life_of(died_at - self.started_at)
        return code

    @property
    def pause_left(self) -> float:
        return max(0.0, self.start_at - time.monotonic())
