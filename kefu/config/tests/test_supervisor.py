from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kefu.config.running import supervisor as supervisor_module
from kefu.config.running.children import Part
from kefu.config.running.pauses import HEALTHY_AFTER, LONGEST, Pauses
from kefu.config.running.supervisor import Ended, Supervisor
from kefu.config.tests.waiting import is_alive, until

MODULE = "kefu.config.tests.part"


class Diary:
    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def pids(self) -> list[int]:
        return [int(line) for line in self.path.read_text().split()] if self.path.exists() else []


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    return Diary(tmp_path / "diary")


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    with Supervisor(os.environ) as running:
        yield running


def part(does: str, diary: Diary, *, code: int = 0) -> Part:
    return Part("part", MODULE, ("--does", does, "--diary", str(diary.path), "--code", str(code)))


def tend_for_ever(supervisor: Supervisor) -> None:
    while True:
        supervisor.tend()


def soon(action: object) -> None:
    threading.Thread(target=action).start()  # type: ignore[arg-type]


def test_pauses_grow_with_each_early_death_and_start_anew_after_a_healthy_life() -> None:
    pauses = Pauses()

    assert [pauses.after_a_life_of(1.0) for _ in range(4)] == [0.0, 1.0, 2.0, 4.0]
    assert [pauses.after_a_life_of(1.0) for _ in range(9)][-1] == LONGEST
    assert pauses.after_a_life_of(HEALTHY_AFTER) == 0.0


def test_a_child_that_is_killed_is_started_again_at_once(supervisor: Supervisor, diary: Diary) -> None:
    supervisor.add([part("live", diary)])
    until(lambda: diary.pids)

    os.kill(diary.pids[0], signal.SIGKILL)
    died = supervisor.tend()
    supervisor.wait(0.0)
    soon(lambda: until(lambda: len(diary.pids) == 2) or os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(Ended):
        tend_for_ever(supervisor)

    assert [code for _, code in died] == [-signal.SIGKILL]
    assert len(diary.pids) == 2


def test_a_child_that_dies_again_and_again_waits_longer_each_time(
    supervisor: Supervisor, diary: Diary
) -> None:
    supervisor.add([part("die", diary, code=7)])
    first = supervisor.tend()
    second = []
    while not second:
        second = supervisor.tend()

    assert [code for _, code in first + second] == [7, 7]
    assert 0.5 < second[0][0].pause_left <= 1.0


def test_a_signal_ends_every_child_and_leaves_no_orphan(diary: Diary) -> None:
    with Supervisor(os.environ) as supervisor:
        supervisor.add([part("live", diary), part("live", diary)])
        until(lambda: len(diary.pids) == 2)
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Ended):
            supervisor.tend()

    assert not any(is_alive(pid) for pid in diary.pids)


@pytest.mark.slow
def test_a_child_that_will_not_end_is_killed(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor_module, "PATIENCE", 0.3)
    with Supervisor(os.environ) as supervisor:
        supervisor.add([part("ignore", diary)])
        until(lambda: diary.pids)

    assert not is_alive(diary.pids[0])


def test_a_part_that_runs_once_gives_its_code(supervisor: Supervisor, diary: Diary) -> None:
    assert supervisor.run_once(part("die", diary, code=3)) == 3
    assert supervisor.children == []


def test_handlers_are_as_before_when_the_supervisor_is_gone() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with Supervisor(os.environ):
        assert signal.getsignal(signal.SIGTERM) != before

    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.process
def test_children_end_when_the_supervisor_is_killed(diary: Diary) -> None:
    program = (
        "import os, sys; from kefu.config.running.children import Part\n"
        "from kefu.config.running.supervisor import Supervisor\n"
        f"part = Part('part', {MODULE!r}, ('--does', 'live', '--diary', sys.argv[1]))\n"
        "with Supervisor(os.environ) as running:\n"
        "    running.add([part])\n"
        "    while True: running.tend()"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, diary.path])
    until(lambda: diary.pids)
    started = time.monotonic()

    parent.kill()
    parent.wait()

    until(lambda: not is_alive(diary.pids[0]))
    assert time.monotonic() - started < 5
