"""Long-lived daemon threads with a bounded queue; work that nobody waits for any more is not begun."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import Context
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from django.db import connections

from kefu.config.adapter.refusals import TooMany

log = logging.getLogger("kefu.adapter")
Result = TypeVar("Result")


class Unexpected(Exception):
    """A view tried to end the process."""


class Job(Generic[Result]):
    """Work, the context in which it runs, and the future that waits for it in the event loop."""

    def __init__(self, work: Callable[..., Result], arguments: tuple[Any, ...], context: Context) -> None:
        self.work = work
        self.arguments = arguments
        self.context = context
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Result] = self.loop.create_future()
        # Called with a result that comes when nobody waits for it any more.
        self.unwanted: Callable[[Result], None] | None = None

    def run(self) -> None:
        """In the thread. The thread outlives whatever the work does."""
        try:
            result = self.context.run(self.work, *self.arguments)
        except Exception as problem:  # noqa: BLE001 - it is raised where the future is awaited
            self._tell(self._fail, problem)
        except BaseException as problem:  # noqa: BLE001 - SystemExit in a view must not end the event loop
            self._tell(self._fail, Unexpected(type(problem).__name__))
        else:
            self._tell(self._succeed, result)

    def _tell(self, settle: Callable[[Any], None], outcome: object) -> None:
        # The loop may have closed at shutdown, which waits for nobody.
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(settle, outcome)

    def _succeed(self, result: Result) -> None:
        if not self.future.done():
            self.future.set_result(result)
        elif self.unwanted is not None:
            self.unwanted(result)

    def _fail(self, problem: Exception) -> None:
        if not self.future.done():
            self.future.set_exception(problem)


class Threads:
    """So many threads with one queue. All but the threads themselves is called from the event loop."""

    def __init__(self, name: str, count: int, *, most_waiting: int = 1_000_000) -> None:
        self.name = name
        self.count = count
        self.most_waiting = most_waiting
        self.users = 0
        self._mutex = threading.Lock()
        self._jobs: deque[Job[Any]] = deque()
        # One token a job; a token whose job was cancelled finds nothing, None ends a thread.
        self._tokens: SimpleQueue[bool] = SimpleQueue()
        self.running: list[threading.Thread] = []

    def start(self) -> None:
        for number in range(self.count):
            # A daemon, because at its end Python would join the thread and so wait for its view.
            thread = threading.Thread(target=self._work, name=f"{self.name}-{number}", daemon=True)
            thread.start()
            self.running.append(thread)

    def stop(self) -> None:
        """Let each thread end after its present work; nobody waits for it."""
        for _ in self.running:
            self._tokens.put(False)
        self.running = []

    def submit(
        self, work: Callable[..., Result], *arguments: Any, context: Context | None = None
    ) -> Job[Result]:
        """Queue the work, in the given context or a fresh one. Raises TooMany if the queue is full."""
        if len(self._jobs) >= self.most_waiting:
            raise TooMany
        job = Job(work, arguments, Context() if context is None else context)
        self._jobs.append(job)
        self._tokens.put(True)
        return job

    async def call(
        self, work: Callable[..., Result], *arguments: Any, context: Context | None = None
    ) -> Result:
        return await self.submit(work, *arguments, context=context).future

    def forget(self, work: Callable[[], None], *, context: Context | None = None) -> None:
        """Have it done without waiting; what goes wrong is logged."""
        self.submit(_logged, work, context=context)

    def cancel(self, job: Job[Any]) -> bool:
        """Whether the job had not begun, and now never will."""
        with self._mutex:
            try:
                self._jobs.remove(job)
            except ValueError:
                return False
        return True

    def _work(self) -> None:
        while self._tokens.get():
            with self._mutex:
                job = self._jobs.popleft() if self._jobs else None
            if job is not None:
                job.run()
                del job
        connections.close_all()


class StreamThreads:
    """Single threads, each with its own queue: a stream stays on one, with that thread's database connection."""

    def __init__(self, count: int) -> None:
        self.threads = [Threads(f"stream-{number}", 1) for number in range(count)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        for thread in self.threads:
            thread.stop()

    @contextlib.contextmanager
    def lend(self) -> Iterator[Threads]:
        """The least used thread. Between two chunks it is free for others, so a stalled client holds none."""
        thread = min(self.threads, key=lambda each: each.users)
        thread.users += 1
        try:
            yield thread
        finally:
            thread.users -= 1


def _logged(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception:
        log.exception("closing failed")
