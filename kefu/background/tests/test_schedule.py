from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from kefu.background.housekeeping import HOUSEKEEPING, sweep
from kefu.background.models import Tick
from kefu.background.schedule import daily, every, forget_turns, hourly, take_turns
from kefu.background.tests import jobs

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 8, 12, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_turns_are_counted_in_utc():
    minute = NOON.replace(second=0)

    assert every(5, "a", jobs.succeed).latest_turn(NOON + 4 * MINUTE) == minute
    assert hourly(7, "a", jobs.succeed).latest_turn(NOON) == minute - 53 * MINUTE
    assert daily(12, 0, "a", jobs.succeed).latest_turn(NOON) == minute
    assert daily(12, 1, "a", jobs.succeed).latest_turn(NOON) == minute - timedelta(days=1) + MINUTE


def test_a_job_has_its_turn_once_in_its_minute():
    schedule = [every(5, "tests.five", jobs.succeed), every(1, "tests.one", jobs.succeed)]

    assert [take_turns(schedule, at=NOON + n * MINUTE) for n in (0, 0, 1, 2, 5)] == [2, 0, 1, 1, 2]
    assert DBTaskResult.objects.count() == 6


def test_a_missed_turn_is_made_up_for_once():
    schedule = [daily(12, 0, "tests.daily", jobs.succeed)]
    take_turns(schedule, at=NOON)

    later = NOON + timedelta(days=3, hours=2)
    assert [take_turns(schedule, at=later) for _ in range(2)] == [1, 0]


def test_a_new_job_waits_for_its_first_turn():
    schedule = [daily(3, 0, "tests.daily", jobs.succeed)]

    assert [take_turns(schedule, at=NOON + n * timedelta(hours=14)) for n in (0, 1, 2)] == [0, 0, 1]


def test_a_worker_that_sleeps_at_night_makes_up_for_every_night():
    schedule = [daily(19, 40, "tests.daily", jobs.succeed)]
    morning = NOON.replace(hour=9)

    for day in range(30):
        for hour in range(9):
            take_turns(schedule, at=morning + timedelta(days=day, hours=hour))

    assert DBTaskResult.objects.count() == 29


def test_many_workers_enqueue_a_turn_once():
    schedule = [every(1, "tests.one", jobs.succeed)]
    taken: list[int] = []

    def look() -> None:
        taken.append(take_turns(schedule, at=NOON))
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == [0, 0, 0, 0, 1]
    assert DBTaskResult.objects.count() == 1


def test_old_turns_are_forgotten():
    take_turns([every(1, "tests.one", jobs.succeed)], at=NOON)

    assert forget_turns(before=NOON - timedelta(hours=1)) == 0
    assert forget_turns(before=NOON + timedelta(hours=1)) == 1
    assert not Tick.objects.exists()


def test_the_queue_sweeps_itself_daily():
    assert [job.task for job in HOUSEKEEPING] == [sweep]

    sweep.call()
