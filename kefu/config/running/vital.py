"""Tasks without which a web process is of no use: when one dies the process ends, and the supervisor starts it anew."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from kefu.config.running import tied

log = logging.getLogger("kefu.web")


class Vital:
    """Keeps tasks until stop(); an exception in one is logged, and `leave` asks the process to end."""

    def __init__(self, *, leave: Callable[[], None] = tied.leave) -> None:
        self._leave = leave
        self._tasks: list[asyncio.Task[None]] = []
        self._is_stopping = False

    @property
    def are_running(self) -> bool:
        return any(not task.done() for task in self._tasks)

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(self._ended)
        self._tasks.append(task)

    async def stop(self) -> None:
        self._is_stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        problem = None if task.cancelled() else task.exception()
        if problem is None:
            return
        log.critical("vital_task_died", extra={"task": task.get_name()}, exc_info=problem)
        if not self._is_stopping:
            # Pages without events would look well and be wrong.
            self._leave()
