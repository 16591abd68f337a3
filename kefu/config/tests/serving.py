"""The whole product as processes, for tests: started by its own command, watched from outside."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from kefu.config.running.choices import CHECKOUT
from kefu.config.tests.waiting import is_alive, until

READY = re.compile(r"^Kefu is ready on (\S+)$", re.MULTILINE)


def environ(**more: str) -> dict[str, str]:
    """What the machine has, without anything that would choose for the test."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KEFU_")}
    for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
        plain.pop(name, None)
    return plain | {"PYTHONPATH": str(CHECKOUT), "PYTHONSAFEPATH": "1"} | more


class Served:
    """One `kefu serve` and what it has said so far."""

    program: Sequence[str] = (sys.executable, "-m", "kefu")

    def __init__(self, data: Path, *flags: str, **more: str) -> None:
        command = [*self.program, "serve", "--data", str(data), *flags]
        self.process = subprocess.Popen(
            command,
            env=environ(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.said += line

    @property
    def address(self) -> str:
        found = READY.search(self.said)
        assert found, self.said
        return found[1]

    def wait_until_ready(self, *, within: float = 90.0) -> Served:
        until(lambda: READY.search(self.said) or self.process.poll() is not None, within=within)
        assert READY.search(self.said), self.said
        return self

    def answers(self, path: str = "/healthz") -> int:
        with urlopen(f"{self.address}{path}", timeout=10) as answer:  # noqa: S310 - our own address
            return int(answer.status)

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def child(self, name: str) -> int:
        """The pid of the child that runs this module, or 0."""
        for pid in self.children():
            # One that has just ended may be gone by now.
            with suppress(FileNotFoundError, ProcessLookupError):
                if f"kefu.config.running.{name}\0" in Path(f"/proc/{pid}/cmdline").read_text():
                    return pid
        return 0

    def end(self, number: signal.Signals = signal.SIGTERM, *, within: float = 45.0) -> int:
        """Ask for the end and give the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(within)
        self._reader.join(within)
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def end_as_from_the_terminal(self, number: signal.Signals, *, within: float = 45.0) -> int:
        """What a terminal sends, it sends to the whole group; the exit code."""
        os.killpg(self.process.pid, number)
        self.process.wait(within)
        return self.end()

    def kill_all(self) -> list[int]:
        """kill -9 of every process at once; the pids that they had."""
        pids = [self.process.pid, *self.children()]
        os.killpg(self.process.pid, signal.SIGKILL)
        until(lambda: not any(is_alive(pid) for pid in pids[1:]))
        return pids


@contextmanager
def served(data: Path, *flags: str, **more: str) -> Iterator[Served]:
    """Kefu, ready on a free port; ended afterwards, whatever happened."""
    running = Served(data, "--port", "0", *flags, **more)
    try:
        yield running.wait_until_ready()
    finally:
        running.end()
