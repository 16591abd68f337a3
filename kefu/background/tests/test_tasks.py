from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult

from kefu.background.closed import NotClosed
from kefu.background.running import claim, fail, give_back, is_to_run, prune, reap, run_next
from kefu.background.tasks import Queue, Retry, enqueue, retry_of
from kefu.background.tests import jobs
from kefu.background.wake import wake_with

pytestmark = pytest.mark.django_db(transaction=True)


def run_all(worker: str = "one") -> int:
    done = 0
    while run_next(worker):
        done += 1
    return done


def row(task_id: str) -> DBTaskResult:
    return DBTaskResult.objects.get(pk=task_id)


def test_a_task_is_enqueued_with_the_transaction_that_asks_for_it():
    with transaction.atomic():
        enqueue(jobs.succeed, number=1)
        transaction.set_rollback(True)
    with transaction.atomic():
        kept = enqueue(jobs.succeed, number=2)

    assert run_all() == 1
    assert (jobs.did("succeed:1"), jobs.did("succeed:2")) == (0, 1)
    assert row(kept).status == "SUCCESSFUL"


def test_a_task_that_is_to_run_soon_is_known_by_what_it_is_about():
    soon, hour = timedelta(minutes=1), timedelta(hours=1)
    enqueue(jobs.succeed, number=1)
    enqueue(jobs.succeed, after=hour, number=2)

    assert is_to_run(jobs.succeed, within=soon, number=1)
    assert not is_to_run(jobs.succeed, within=soon, number=2)
    assert is_to_run(jobs.succeed, within=hour, number=2)
    assert not is_to_run(jobs.succeed, within=soon, number=3)

    run_all()
    assert not is_to_run(jobs.succeed, within=soon, number=1)


def test_workers_are_woken_after_commit():
    woken = []
    wake = lambda: woken.append(True)  # noqa: E731
    wake_with(wake)
    wake_with(wake)

    with transaction.atomic():
        enqueue(jobs.succeed)
        assert not woken
    assert woken == [True]


@pytest.mark.parametrize("value", [None, 3, 2.5, True, "mail", [1, "mail", None], "x" * 64, "zh-hans:a_b.C"])
def test_ids_and_closed_values_are_taken(value):
    enqueue(jobs.succeed, number=value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x" * 65,
        "mail\n",
        "two words",
        "lin@mail.example",
        "林小美",
        "１２３",
        {"text": "x"},
        [["x" * 65]],
        ["mail", "two words"],
        b"bytes",
        now(),
    ],
)
def test_anything_else_is_refused(value):
    with pytest.raises(NotClosed):
        enqueue(jobs.succeed, number=value)

    assert not DBTaskResult.objects.exists()


def test_a_task_for_later_waits():
    later = enqueue(jobs.succeed, after=timedelta(minutes=5))
    assert run_all() == 0

    DBTaskResult.objects.filter(pk=later).update(run_after=now())
    assert run_all() == 1


def test_what_talks_to_a_network_waits_in_a_queue_of_its_own():
    enqueue(jobs.talk_to_somebody_slow, seconds=0)
    enqueue(jobs.succeed)

    assert run_all() == 1
    assert (jobs.did("succeed:0"), jobs.did("called")) == (1, 0)
    assert run_next("one", Queue.NETWORK)
    assert jobs.did("hung up") == 1


def test_a_loop_gives_back_what_its_own_queue_claimed():
    slow, quick = enqueue(jobs.talk_to_somebody_slow, seconds=0), enqueue(jobs.succeed)
    claim("one", Queue.NETWORK)
    claim("one")

    give_back("one")

    assert (row(slow).status, row(quick).status) == ("RUNNING", "READY")


def test_what_hurries_comes_first():
    enqueue(jobs.succeed)
    enqueue(jobs.hurry)

    run_next("one")
    assert jobs.did("hurry") == 1


def test_an_idle_look_is_one_query_without_a_transaction(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert not run_next("one")


def test_an_asynchronous_task_runs_too():
    task_id = enqueue(jobs.wait_for_nothing)

    run_all()
    assert row(task_id).status == "SUCCESSFUL"


def test_a_task_that_fails_is_tried_again():
    task_id = enqueue(jobs.fail_twice, number=7)

    assert run_all() == 3
    assert row(task_id).status == "SUCCESSFUL"
    assert row(task_id).exception_class_path == ""


def test_the_last_try_leaves_a_dead_letter_with_type_and_place_only(caplog):
    task_id = enqueue(jobs.fail_always)
    run_all()
    waits = row(task_id)
    assert (waits.status, waits.exception_class_path) == ("READY", "builtins.ValueError")
    assert timedelta(seconds=25) < waits.run_after - now() < timedelta(seconds=31)

    DBTaskResult.objects.update(run_after=now())
    run_all()

    dead = row(task_id)
    assert (dead.status, dead.exception_class_path) == ("FAILED", "builtins.ValueError")
    assert "fail_always" in dead.traceback
    assert "林小美" not in dead.traceback
    assert "林小美" not in caplog.text


def test_a_task_may_say_when_to_try_later():
    task_id = enqueue(jobs.not_now)
    run_all()

    assert timedelta(minutes=6) < row(task_id).run_after - now() <= timedelta(minutes=7)


def test_a_task_that_leaves_does_not_take_the_worker_along():
    task_id = enqueue(jobs.leave)

    assert run_next("one")
    assert row(task_id).exception_class_path == "builtins.SystemExit"


def test_a_task_whose_function_is_gone_is_a_dead_letter_at_once():
    task_id = enqueue(jobs.succeed)
    DBTaskResult.objects.update(task_path="kefu.background.tests.jobs.gone")

    assert run_next("one")
    assert row(task_id).status == "FAILED"


def test_waits_grow_and_the_last_repeats():
    retry = Retry(9, [timedelta(seconds=1), timedelta(seconds=5)])

    assert [retry.wait_after(tries).seconds for tries in (1, 2, 3, 8)] == [1, 5, 5, 5]
    assert retry_of("nobody.knows").tries == 1


def test_what_a_dead_worker_ran_is_done_by_another():
    task_id = enqueue(jobs.succeed)
    claim("dead")

    assert reap(lambda: {"dead"}) == 0
    assert reap(lambda: {"living"}) == 1
    assert row(task_id).exception_class_path == "kefu.background.running.WorkerDied"
    DBTaskResult.objects.update(run_after=now())
    run_all("living")
    assert row(task_id).worker_ids == ["dead", "living"]
    assert jobs.did("succeed:0") == 1


def test_who_comes_and_takes_a_task_between_the_two_looks_is_no_dead_worker():
    enqueue(jobs.succeed, number=1)
    claim("old")
    enqueue(jobs.succeed, number=2)

    def living():
        assert claim("new") is not None
        return {"old"}

    assert reap(living) == 0


def test_a_task_that_kills_every_worker_is_given_up():
    task_id = enqueue(jobs.fail_always)
    for _ in range(2):
        DBTaskResult.objects.update(run_after=now())
        claim("dead")
        reap(set)

    assert row(task_id).status == "FAILED"


def test_a_worker_that_was_believed_dead_changes_nothing_any_more():
    enqueue(jobs.fail_twice, number=1)
    claimed = claim("paused")
    reap(set)
    again = claim("other")

    fail(claimed, ValueError())

    assert row(again.pk).status == "RUNNING"
    assert row(again.pk).worker_ids == ["paused", "other"]


def test_a_worker_takes_back_what_it_lost_sight_of():
    enqueue(jobs.succeed)
    enqueue(jobs.succeed)
    claim("one")
    claim("other")

    give_back("one")

    assert DBTaskResult.objects.get(status="RUNNING").worker_ids == ["other"]


def test_old_tasks_are_swept_and_dead_letters_later():
    for days in (6, 8, 29, 31):
        for task in (jobs.succeed, jobs.leave):
            enqueue(task)
            DBTaskResult.objects.filter(finished_at=None).update(
                finished_at=now() - timedelta(days=days),
                status="FAILED" if task is jobs.leave else "SUCCESSFUL",
            )
    waiting = enqueue(jobs.succeed)

    prune(done=timedelta(days=7), failed=timedelta(days=30))

    left = DBTaskResult.objects.exclude(pk=waiting).values_list("status", flat=True)
    assert sorted(left) == ["FAILED", "FAILED", "FAILED", "SUCCESSFUL"]
    assert DBTaskResult.objects.filter(pk=waiting).exists()
