"""What a web process runs beside its pages: no half-dead process, and an end in the right order."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from kefu.config.running.children import Part
from kefu.config.running.supervisor import Supervisor
from kefu.config.running.vital import Vital
from kefu.config.tests.waiting import until
from kefu.config.wiring import Realtime
from kefu.journal.tail import Tail
from kefu.realtime.hub import Hub


async def broken() -> None:
    raise RuntimeError("broken")


async def for_ever() -> None:
    await asyncio.Event().wait()


def test_a_vital_task_that_dies_is_logged_and_ends_the_process(caplog: pytest.LogCaptureFixture) -> None:
    asked: list[str] = []

    async def live() -> None:
        vital = Vital(leave=lambda: asked.append("leave"))
        vital.start("well", for_ever())
        vital.start("broken", broken())
        await asyncio.sleep(0.01)
        assert vital.are_running
        await vital.stop()
        assert not vital.are_running

    asyncio.run(live())

    assert asked == ["leave"]
    (record,) = caplog.records
    assert (record.message, record.__dict__["task"]) == ("vital_task_died", "broken")
    assert record.exc_info


def test_a_task_that_is_stopped_or_has_done_its_work_is_no_death(caplog: pytest.LogCaptureFixture) -> None:
    asked: list[str] = []

    async def live() -> None:
        vital = Vital(leave=lambda: asked.append("leave"))
        vital.start("well", for_ever())
        vital.start("done", asyncio.sleep(0))
        await asyncio.sleep(0.01)
        await vital.stop()

    asyncio.run(live())

    assert (asked, caplog.records) == ([], [])


@pytest.mark.process
def test_the_supervisor_starts_a_half_dead_process_again(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    with Supervisor(os.environ) as supervisor:
        supervisor.add([Part("half_dead", "kefu.config.tests.half_dead", ("--diary", str(diary)))])
        died = []
        while not died:
            died = supervisor.tend()
        supervisor.wait(0.0)
        until(lambda: supervisor.tend() or len(diary.read_text().split()) > 1)

    assert [code for _, code in died] == [0]
    assert len(set(diary.read_text().split())) > 1


class Noted(Hub):
    """Knows what still ran when it was closed."""

    realtime: Realtime
    ran_on: list[str]

    def close(self) -> None:
        self.ran_on = ["vital"] if self.realtime.vital.are_running else []
        super().close()


@pytest.mark.django_db(transaction=True)
def test_the_hub_is_closed_when_nothing_needs_it_any_more() -> None:
    async def live() -> Noted:
        hub = Noted()
        hub.realtime = realtime = Realtime(hub)
        await realtime.start()
        while not realtime.tail.is_well:
            await asyncio.sleep(0.01)
        await realtime.stop()
        return hub

    assert asyncio.run(asyncio.wait_for(live(), 10)).ran_on == []


@pytest.mark.django_db(transaction=True)
def test_a_tail_that_dies_takes_the_process_with_it() -> None:
    asked: list[str] = []

    async def live() -> None:
        realtime = Realtime(Hub())
        realtime.vital = Vital(leave=lambda: asked.append("leave"))
        realtime.tail = Dying(realtime.hub.deliver)
        await realtime.start()
        while not asked:
            await asyncio.sleep(0.01)
        await realtime.stop()

    asyncio.run(asyncio.wait_for(live(), 10))

    assert asked == ["leave"]


class Dying(Tail):
    async def _wait(self) -> None:
        raise RuntimeError("an error that the tail does not know")
