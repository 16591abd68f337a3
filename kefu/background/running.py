"""Claiming a task, running it, and what becomes of it; each change holds only if the claim still does."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any, TypeAlias

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from django_tasks_db.compat import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from kefu.background.tasks import WAITS, Queue, Retry, TryLater, retry_of

Row: TypeAlias = DBTaskResult[..., Any]
log = logging.getLogger("kefu.background")

# Frames of a failure that are kept: where it happened, never with what.
FRAMES_KEPT = 8


class WorkerDied(Exception):
    """The worker that had claimed a task is gone."""


def run_next(worker_id: str, queue: Queue = Queue.HOUSE) -> bool:
    """Claim the next task of the queue that is due and run it to its end; False if there was none."""
    row = claim(worker_id, queue)
    if row is None:
        return False
    try:
        row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
    except (Exception, SystemExit) as problem:  # noqa: BLE001 - whatever it is, the task failed
        fail(row, problem)
    else:
        _change(
            row, status=TaskResultStatus.SUCCESSFUL, finished_at=now(), exception_class_path="", traceback=""
        )
    return True


def claim(worker_id: str, queue: Queue = Queue.HOUSE) -> Row | None:
    """The next task of the queue that is due, marked as running here."""
    due = DBTaskResult.objects.filter(queue_name=queue.value)
    # Asked outside a transaction, so that an idle worker takes no write lock.
    if not due.ready().exists():
        return None
    with transaction.atomic():
        row: Row | None = due.ready().get_locked()
        if row is not None:
            row.claim(worker_id)
    return row


def fail(row: Row, problem: BaseException) -> None:
    """Try again after a wait; after the last try leave a dead letter with the error's type and place."""
    retry, tries = _retry_of(row), len(row.worker_ids)
    error = {"exception_class_path": _type_of(problem), "traceback": _place_of(problem)}
    extra = {
        "task": row.task_path,
        "id": str(row.pk),
        "tries": tries,
        "problem": error["exception_class_path"],
    }
    if tries < retry.tries:
        wait = problem.after if isinstance(problem, TryLater) else retry.wait_after(tries)
        if _change(row, status=TaskResultStatus.READY, run_after=now() + wait, **error):
            log.warning("task_failed", extra=extra | {"again_in": wait.total_seconds()})
    elif _change(row, status=TaskResultStatus.FAILED, finished_at=now(), **error):
        log.error("task_gave_up", extra=extra)


def is_to_run(task: Task[..., Any], *, within: timedelta, **arguments: object) -> bool:
    """Whether a worker is at it with these arguments, or will be before `within` has passed: first, or again."""
    soon = Q(run_after=get_date_max()) | Q(run_after__lte=now() + within)
    rows = DBTaskResult.objects.filter(soon, task_path=task.module_path, args_kwargs__kwargs=arguments)
    return rows.filter(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING)).exists()


def reap(living_workers: Callable[[], Collection[str]]) -> int:
    """Take back what runs at workers that live no more; the number of such tasks."""
    running = list(DBTaskResult.objects.running().order_by("started_at"))
    # Asked for after the rows: a worker beats before it takes its first task.
    living = living_workers() if running else ()
    orphans = [row for row in running if not row.worker_ids or row.worker_ids[-1] not in living]
    for row in orphans:
        fail(row, WorkerDied())
    return len(orphans)


def give_back(worker_id: str, queue: Queue = Queue.HOUSE) -> None:
    """Take back what this worker's loop claimed and lost sight of, when the database was away at its end."""
    for row in DBTaskResult.objects.running().filter(queue_name=queue.value):
        if row.worker_ids[-1:] == [worker_id]:
            fail(row, WorkerDied())


def prune(*, done: timedelta, failed: timedelta) -> int:
    """Delete tasks that succeeded or failed longer ago than this; the number of both."""
    old = DBTaskResult.objects.successful().filter(finished_at__lt=now() - done)
    dead = DBTaskResult.objects.failed().filter(finished_at__lt=now() - failed)
    return _delete(old) + _delete(dead)


def _delete(rows: Any) -> int:
    """In small transactions, because everybody else waits to write meanwhile."""
    deleted = 0
    while ids := list(rows.values_list("pk", flat=True)[:200]):
        deleted += DBTaskResult.objects.filter(pk__in=ids).delete()[0]
    return deleted


def _change(row: Row, **values: Any) -> bool:
    """False if the task has been taken back from whoever claimed it."""
    claimed = DBTaskResult.objects.filter(
        pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at
    )
    if claimed.update(**values):
        return True
    log.warning("task_was_taken_back", extra={"task": row.task_path, "id": str(row.pk)})
    return False


def _retry_of(row: Row) -> Retry:
    """A task whose function is gone is not tried again."""
    try:
        return retry_of(row.task.module_path)
    except (ImportError, SuspiciousOperation):
        return Retry(1, WAITS)


def _type_of(problem: BaseException) -> str:
    return f"{type(problem).__module__}.{type(problem).__qualname__}"


def _place_of(problem: BaseException) -> str:
    frames = []
    traceback = problem.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/kefu/', 1)[-1]}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return "\n".join(frames[-FRAMES_KEPT:])
