"""Whether this web process can serve now; what a load balancer asks at /readyz."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from django.db import DatabaseError, close_old_connections

from kefu.background.beats import has_living_worker
from kefu.config import wiring
from kefu.config.running import preflight
from kefu.config.running.refusal import Refusal

SECONDS = 3.0
# Runs work on a thread that has a database connection, and gives its result.
Run = Callable[[Callable[[], list[str]]], Awaitable[list[str]]]


def is_ready() -> list[str]:
    """What is missing: database, redis, journal, worker. It asks the database, so not in the event loop."""
    try:
        return _without(preflight.require_redis, "redis") + _problems_of_database()
    finally:
        # A connection that broke is closed here, and opened again by the next question.
        close_old_connections()


def _problems_of_database() -> list[str]:
    missing = _without(preflight.require_database, "database")
    if missing:
        return missing
    try:
        worker = [] if has_living_worker() else ["worker"]
    except DatabaseError:
        return ["database"]
    return worker if wiring.realtime.tail.is_well else [*worker, "journal"]


def _without(require: Callable[[], None], name: str) -> list[str]:
    try:
        require()
    except Refusal:
        return [name]
    return []


class Readiness:
    """One question at a time, however many ask, and a deadline for its answer."""

    def __init__(
        self, run: Run, *, ask: Callable[[], list[str]] = is_ready, seconds: float = SECONDS
    ) -> None:
        self._run = run
        self._ask = ask
        self._seconds = seconds
        self._asking: asyncio.Future[list[str]] | None = None

    async def problems(self) -> list[str]:
        """What is missing; "deadline" if even that can't be told in time."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._run(self._ask))
        done, _ = await asyncio.wait({self._asking}, timeout=self._seconds)
        return self._asking.result() if done else ["deadline"]
