"""Tasks: functions that a worker runs later, at least once, enqueued in the transaction that asks for them.

A thin front on django-tasks-db: it keeps arguments closed, and knows how often a task is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, ParamSpec, TypeVar, cast

from django.db import transaction
from django.utils.timezone import now
from django_tasks_db.compat import DEFAULT_TASK_PRIORITY, Task, task_backends

from kefu.background.closed import require_closed
from kefu.background.wake import wake_workers

P = ParamSpec("P")
T = TypeVar("T")

WAITS = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600))


class Queue(StrEnum):
    """The worker runs each queue in a thread of its own, so that a slow network holds up no work of the house."""

    HOUSE = "default"
    NETWORK = "network"
    """What talks to other people's servers, and may wait for them for minutes."""
    FILES = "files"
    """Reading and writing anew what people sent, which takes a processor for seconds."""


@dataclass(frozen=True)
class Retry:
    """How often a task is tried, and the wait after each failure; the last wait repeats."""

    tries: int
    waits: Sequence[timedelta]

    def wait_after(self, tries_made: int) -> timedelta:
        return self.waits[min(tries_made, len(self.waits)) - 1]


class TryLater(Exception):
    """A task can't be done now; it counts as a try, and the next is not before `after` has passed."""

    def __init__(self, after: timedelta) -> None:
        super().__init__()
        self.after = after


_retries: dict[str, Retry] = {}


def task(
    *,
    tries: int = 6,
    waits: Sequence[timedelta] = WAITS,
    priority: int = DEFAULT_TASK_PRIORITY,
    queue: Queue = Queue.HOUSE,
) -> Callable[[Callable[P, T]], Task[P, T]]:
    """Make a task of a module's function. It must bear being run twice; `priority` is -100 to 100."""

    def decorate(function: Callable[P, T]) -> Task[P, T]:
        of_class = task_backends["default"].task_class
        made = cast("Task[P, T]", of_class(func=function, priority=priority, queue_name=queue.value))
        _retries[made.module_path] = Retry(tries, waits)
        return made

    return decorate


def retry_of(task_path: str) -> Retry:
    """A task made by the library's own decorator is tried once."""
    return _retries.get(task_path, Retry(1, WAITS))


def enqueue(task: Task[..., Any], *, after: timedelta | None = None, **arguments: object) -> str:
    """Run the task in a worker once this transaction has committed, or `after` later; the id of its row.

    Raises NotClosed for arguments that are not ids and closed values.
    """
    require_closed(arguments)
    due = task.using(run_after=now() + after) if after else task
    result = due.enqueue(**arguments)
    transaction.on_commit(wake_workers)
    return str(result.id)
