"""What is measured, as the load sees it: a door, chats behind it, and what it costs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.request import urlopen

from bench import machine
from bench.load.frames import Chat
from bench.load.record import Usage

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN, STOPPED_WITHIN = 60.0, 20.0


@dataclass(frozen=True)
class Door:
    """Where sockets come in."""

    port: int
    path: str = "/"

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def url(self) -> str:
        return f"ws://localhost:{self.port}{self.path}"

    def headers(self, cookies: str = "") -> dict[str, str]:
        return {"Origin": self.origin} | ({"Cookie": cookies} if cookies else {})


class Server(Protocol):
    """A server under test.

    `list_topic` is what agents watch to see every conversation that changes; `is_counting` says that one person may say
    only so much in a while.
    """

    name: str
    door: Door
    list_topic: str
    is_counting: bool

    def chats(self, number: int) -> list[Chat]:
        """The first so many conversations, made where they are not there yet."""

    def agents(self) -> list[str]:
        """The cookies of each agent; one empty string where anybody may be one."""

    def usage(self) -> Usage: ...

    def web(self) -> int:
        """The process that holds the sockets."""

    def stop(self) -> None: ...


def usage_of(server: list[int], beside: list[int]) -> Usage:
    return Usage(
        at=time.perf_counter(),
        server=machine.cpu_seconds(server),
        beside=machine.cpu_seconds(beside),
        load=time.process_time(),
        load_waited=machine.waited_seconds(),
    )


@dataclass
class Reference:
    """A server of the bench's own: one process on the server's core, started by its module."""

    name: str
    module: str
    core: int
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    list_topic: str = "desk/1"
    is_counting: bool = False
    door: Door = field(init=False)
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> Reference:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.door = Door(machine.free_port())
        place = ("--port", str(self.door.port), "--core", str(self.core), "--folder", str(self.folder))
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module, *place],
                cwd=ROOT,
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + READY_WITHIN
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise machine.NotMeasurable(
                    f"{self.name} did not start:\n{(self.folder / 'log').read_text()}"
                )
            time.sleep(0.05)
        return self

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.door.origin}/healthz", timeout=5) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)  # noqa: PLR2004 - what it says when it is well
        except OSError:
            return False

    def chats(self, number: int) -> list[Chat]:
        return [Chat(ref=str(place + 1)) for place in range(number)]

    def agents(self) -> list[str]:
        return [""]

    def usage(self) -> Usage:
        return usage_of([self.process.pid], [])

    def web(self) -> int:
        return self.process.pid

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOPPED_WITHIN)
