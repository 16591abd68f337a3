from __future__ import annotations

import os
import signal
import time
from itertools import pairwise
from unittest.mock import Mock

import pytest
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from kefu.background.loops import Loop
from kefu.background.models import Beat
from kefu.background.tasks import enqueue
from kefu.background.tests import jobs
from kefu.background.worker import GATHERS_FOR, Worker
from kefu.journal.rings.bell import Bell
from kefu.journal.rings.sockets import Datagrams, folder_for
from kefu.journal.tests.children import Child
from kefu.journal.tests.facts import happen, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

MODULE = "kefu.background.tests.a_worker"
LOCAL = {"settings": {"RINGS": "local", "REDIS_URL": ""}}


def is_ready(child: Child) -> None:
    word = child.hear()
    while not word.startswith("ready"):
        word = child.hear()


@pytest.mark.process
def test_a_worker_runs_tasks_and_listeners_and_leaves_when_asked():
    with Child(MODULE, **LOCAL) as worker:
        is_ready(worker)
        task_id = enqueue(jobs.succeed)
        entry = happen()

        assert worker.hear() == f"followed {entry.pk}"
        wait_until(lambda: DBTaskResult.objects.get(pk=task_id).status == "SUCCESSFUL")
        began_at = time.monotonic()
        assert worker.end() == 0
        assert time.monotonic() - began_at < 2.0
    assert not Beat.objects.exists()


@pytest.mark.process
def test_a_ring_wakes_a_worker_at_once(settings):
    rings = {"RINGS": "socket", "REDIS_URL": ""}
    bell = Bell(Datagrams(folder_for(settings.DATA_DIR)))
    with Child(MODULE, settings=rings, data=str(settings.DATA_DIR)) as worker:
        is_ready(worker)
        waits = []
        for _ in range(8):
            entry = happen()
            began_at = time.monotonic()
            bell.ring()
            assert worker.hear() == f"followed {entry.pk}"
            waits.append(time.monotonic() - began_at)
        # The heartbeat alone would take half a second on average.
        assert sorted(waits)[4] < 0.3
        worker.end()
    bell.close()


@pytest.mark.slow
def test_the_first_ring_is_followed_at_once_and_those_of_a_busy_house_together(monkeypatch):
    class Ear:
        def wait_for_ring(self, _timeout):
            return True

    class Woken:
        def __init__(self):
            self.at = []

        def wake(self):
            self.at.append(time.monotonic())

    worker, loop = Worker(listeners=Mock(), schedule=(), ear=Ear()), Woken()
    worker.loops = (loop,)
    monkeypatch.setattr(worker, "_keep_up", lambda: True)
    began_at = time.monotonic()
    for _ in range(4):
        worker._wait()

    waits = [after - before for before, after in pairwise([began_at, *loop.at])]
    assert waits[0] < GATHERS_FOR
    assert all(one + 0.001 >= GATHERS_FOR for one in waits[1:])


@pytest.mark.process
def test_a_worker_that_is_asked_to_leave_finishes_its_task_first():
    with Child(MODULE, **LOCAL) as worker:
        is_ready(worker)
        task_id = enqueue(jobs.take_long, seconds=1.5)
        wait_until(lambda: jobs.did("began") == 1)

        assert worker.end() == 0
    assert DBTaskResult.objects.get(pk=task_id).status == "SUCCESSFUL"
    assert jobs.did("ended") == 1


@pytest.mark.process
def test_a_slow_network_holds_up_no_work_of_the_house():
    with Child(MODULE, **LOCAL) as worker:
        is_ready(worker)
        enqueue(jobs.talk_to_somebody_slow, seconds=1.5)
        wait_until(lambda: jobs.did("called") == 1)
        enqueue(jobs.succeed)

        wait_until(lambda: jobs.did("succeed:0") == 1)
        assert jobs.did("hung up") == 0
        assert worker.end() == 0
    assert jobs.did("hung up") == 1


@pytest.mark.process
def test_the_task_of_a_killed_worker_is_done_by_another():
    with Child(MODULE, **LOCAL) as killed:
        is_ready(killed)
        task_id = enqueue(jobs.take_long, seconds=60.0)
        wait_until(lambda: jobs.did("began") == 1)
        killed.kill()

    with Child(MODULE, **LOCAL) as other:
        is_ready(other)
        wait_until(lambda: DBTaskResult.objects.get(pk=task_id).status == "SUCCESSFUL", seconds=20)
        other.end()
    assert len(DBTaskResult.objects.get(pk=task_id).worker_ids) == 2


@pytest.mark.process
def test_several_workers_run_each_task_and_follow_each_entry_once():
    with Child(MODULE, **LOCAL) as one, Child(MODULE, **LOCAL) as other:
        is_ready(one)
        is_ready(other)
        with transaction.atomic():
            for number in range(30):
                enqueue(jobs.succeed, number=number)
        entries = {happen().pk for _ in range(20)}
        wait_until(lambda: not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists(), seconds=20)
        wait_until(lambda: one.lines.qsize() + other.lines.qsize() >= 20, seconds=20)
        for worker in (one, other):
            assert worker.end() == 0

        followed = [int(line.split()[1]) for each in (one, other) for line in list(each.lines.queue)]
    assert sorted(followed) == sorted(entries)
    assert [jobs.did(f"succeed:{number}") for number in range(30)] == [1] * 30


@pytest.mark.process
def test_a_worker_ends_when_its_parent_is_gone():
    with Child(MODULE, forks=True, **LOCAL) as parent:
        ready = parent.hear()
        os.kill(parent.process.pid, signal.SIGKILL)

        assert parent.hear() == "ended"
    assert ready.startswith("ready")


@pytest.mark.slow
def test_a_loop_goes_on_after_an_error_and_recovers_first(caplog):
    told: list[str] = []

    def step() -> bool:
        told.append("step")
        if told.count("step") < 3:
            raise ConnectionError
        return False

    loop = Loop("tests", step, recover=lambda: told.append("recover"))
    loop.start()
    wait_until(lambda: told.count("step") >= 3)
    loop.stop()
    wait_until(lambda: loop.has_ended)

    assert told[:5] == ["step", "recover", "step", "recover", "step"]
    messages = [record.message for record in caplog.records]
    assert (messages.count("loop_failed"), messages.count("loop_recovered")) == (1, 1)


def test_a_loop_that_is_woken_steps_at_once():
    told: list[float] = []
    loop = Loop("tests", lambda: bool(told.append(time.monotonic())))
    loop.start()
    wait_until(lambda: bool(told))

    loop.wake()
    wait_until(lambda: len(told) == 2, seconds=0.5)
    loop.stop()
    wait_until(lambda: loop.has_ended)
    connection.close()
