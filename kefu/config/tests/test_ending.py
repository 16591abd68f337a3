"""Asked to end, a web process hands its sockets over first; asked again, it and all the others end at once."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from kefu.config.running import supervisor as supervisor_module
from kefu.config.running import web
from kefu.config.running.children import Part
from kefu.config.running.supervisor import Ended, Supervisor
from kefu.config.tests.waiting import is_alive, until

AGAIN_AFTER = 0.2
HANDING_OVER = 0.6


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (web, supervisor_module):
        monkeypatch.setattr(module, "AGAIN_AFTER", AGAIN_AFTER)


@pytest.fixture
def _outlives_signals() -> Iterator[None]:
    """uvicorn gives what it was sent back to whoever had it before: here to nobody."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


async def answer(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("nobody asks")


async def ended_by(asked: Sequence[tuple[float, signal.Signals]]) -> bool:
    """Whether the handing over went on to its end, of a server that is asked after so many seconds each time."""
    handed_over = False

    async def hand_over() -> None:
        nonlocal handed_over
        await asyncio.sleep(HANDING_OVER)
        handed_over = True

    server = web.Server(uvicorn.Config(answer, port=0, log_config=None, lifespan="off"), hand_over=hand_over)
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    for seconds, number in asked:
        await asyncio.sleep(seconds)
        os.kill(os.getpid(), number)
    await asyncio.wait_for(serving, 10)
    return handed_over


TERM, INT = signal.SIGTERM, signal.SIGINT


@pytest.mark.usefixtures("_outlives_signals")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "is_handed_over"),
    [
        ([(0, TERM)], True),
        ([(0, TERM), (0, TERM)], True),
        ([(0, TERM), (2 * AGAIN_AFTER, TERM)], False),
        ([(0, TERM), (0, INT)], False),
        ([(0, INT), (0, INT)], False),
    ],
    ids=["asked once", "told twice in one moment", "asked again", "Ctrl-C after it", "Ctrl-C twice"],
)
def test_handing_over_goes_to_its_end_unless_somebody_asks_again(
    asked: Sequence[tuple[float, signal.Signals]], is_handed_over: bool
) -> None:
    assert asyncio.run(ended_by(asked)) == is_handed_over


def ask_to_end(does: str, diary: Path, pauses: Sequence[float]) -> float:
    """Let a child live, ask its supervisor to end after each of these pauses; how long that took from the first on."""

    def ask() -> None:
        for pause in pauses:
            time.sleep(pause)
            os.kill(os.getpid(), signal.SIGTERM)

    with Supervisor(os.environ) as supervisor:
        supervisor.add([Part("part", "kefu.config.tests.part", ("--does", does, "--diary", str(diary)))])
        until(lambda: diary.exists() and diary.read_text())
        began = time.monotonic()
        asking = threading.Thread(target=ask)
        asking.start()
        with pytest.raises(Ended):
            supervisor.tend()
    took = time.monotonic() - began
    asking.join()
    assert not is_alive(int(diary.read_text().split()[0]))
    return took


@pytest.mark.slow
def test_a_child_that_hangs_is_killed_soon_after_somebody_asks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_module, "IMPATIENCE", 0.3)

    assert ask_to_end("ignore", tmp_path / "diary", [0, 2 * AGAIN_AFTER]) < 5


@pytest.mark.slow
def test_a_child_may_finish_when_the_supervisor_is_told_twice_in_one_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_module, "IMPATIENCE", 0.0)

    ask_to_end("finish", tmp_path / "diary", [0, 0])

    assert (tmp_path / "diary").read_text().split()[1:] == ["finished"]
