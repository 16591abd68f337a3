"""The sockets' way to the database: a few threads of their own, with connections that last."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections

Result = TypeVar("Result")
THREADS = 2
MOST_WAITING = 500
RESTS_AFTER = 5.0
# When each of the threads last asked.
_used = threading.local()


class Busy(RuntimeError):
    """Too many wait for the database already, or it can't be reached; nothing was changed."""


class DatabaseThreads:
    """A bounded door: what does not fit is told so at once, and may try again."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="socket-database")
        self._waiting = 0

    async def __call__(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Raises Busy."""
        if self._waiting >= MOST_WAITING:
            raise Busy
        return await self.in_any_case(work, *arguments)

    async def in_any_case(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """However many wait, for what comes one at a time and only once. Raises Busy when the database can't be reached."""
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, _run, work, arguments)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the threads and their connections; what was asked and has not begun is dropped."""
        together = Barrier(THREADS)
        # The pool starts a thread for each waiting unit, so that each of them closes its own connection.
        for _ in range(THREADS):
            self._pool.submit(_leave, together)
        self._pool.shutdown(wait=False)


def _leave(together: Barrier) -> None:
    with contextlib.suppress(BrokenBarrierError):
        together.wait(timeout=5)
    connections.close_all()


def _run(work: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
    if time.monotonic() - getattr(_used, "at", 0.0) > RESTS_AFTER:
        # Whether it is still alive is asked first, but not as often as something is drawn.
        close_old_connections()
    try:
        return work(*arguments)
    except (OperationalError, InterfaceError) as problem:
        connection.close()
        raise Busy from problem
    finally:
        # A connection that broke is closed here and opened again by the next unit of work.
        if connection.errors_occurred:
            close_old_connections()
        _used.at = time.monotonic()
