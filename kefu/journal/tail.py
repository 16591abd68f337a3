"""Each web process follows the journal from its own place: one query a round for all its sockets, and none for what it has
just recorded itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from kefu.journal.models import Entry
from kefu.journal.place import Place
from kefu.journal.reading import Batch, close_quietly, present_place, read
from kefu.journal.recent import recent

log = logging.getLogger("kefu.journal")

Deliver = Callable[[list[Entry]], Awaitable[None]]
# A lost ring is repaired by the heartbeat.
HEARTBEAT = 1.0
LIMIT = 1_000
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0


class Tail:
    """Gives `deliver` what was recorded since it started, in order within each conversation.

    It survives a lost database: it says so once, looks again after a pause, and goes on where it was.
    """

    def __init__(self, deliver: Deliver, *, heartbeat: float = HEARTBEAT) -> None:
        self._deliver = deliver
        self._heartbeat = heartbeat
        self._place: Place | None = None
        self._asked_at = 0.0
        self._looked_at = 0.0
        self._pause = 0.0
        # Whether somebody else has recorded something since the last look.
        self._is_behind = True
        self._rung = asyncio.Event()
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tail")

    @property
    def cursor(self) -> int:
        """The highest journal id delivered; 0 until the first answer of the database."""
        return self._place.cursor if self._place else 0

    @property
    def is_well(self) -> bool:
        """Whether the last round reached the database."""
        return self._place is not None and not self._pause

    def wake(self, *, is_own: bool = False) -> None:
        """Look at once instead of at the next heartbeat; from the event loop's own thread. What `is_own` was recorded by
        this process.
        """
        self._is_behind = self._is_behind or not is_own
        self._rung.set()

    async def run(self) -> None:
        """Follow until stop(); a round begins when rung, or at the heartbeat."""
        self._ended.clear()
        recent.begin()
        try:
            while not self._stopping.is_set():
                if not await self._round():
                    await self._wait()
        finally:
            recent.end()
            # Not awaited, so that a cancelled run ends at once; the thread ends after its query.
            self._thread.submit(close_quietly)
            self._thread.shutdown(wait=False)
            self._ended.set()

    async def stop(self) -> None:
        """Finish the present round and end run()."""
        self._stopping.set()
        self._rung.set()
        await self._ended.wait()
        await asyncio.to_thread(self._thread.shutdown)

    async def _round(self) -> bool:
        """What there is and its delivery; whether there is more to fetch at once."""
        self._rung.clear()
        own, are_all = self._own()
        if own:
            await self._give(own)
            return not are_all
        self._is_behind = False
        batch = await asyncio.get_running_loop().run_in_executor(self._thread, self._look)
        if batch is None:
            return False
        if batch.entries:
            await self._give(list(batch.entries))
        return not batch.is_whole

    async def _give(self, entries: list[Entry]) -> None:
        try:
            await self._deliver(entries)
        except Exception:
            # Clients see the hole in their seq and ask again; standing still would cut off everybody.
            log.exception("delivery_failed", extra={"first": entries[0].pk, "entries": len(entries)})

    async def _wait(self) -> None:
        # While the database is away a ring is no reason to hurry.
        awaited, seconds = (self._stopping, self._pause) if self._pause else (self._rung, self._until_look())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await awaited.wait()

    def _own(self) -> tuple[list[Entry], bool]:
        """What this process has recorded since, if nobody else has. Others' rings may be lost, so it looks now and then."""
        is_time = self._until_look() <= 0
        if self._is_behind or is_time or self._pause or self._place is None or self._place.gaps:
            return [], False
        own, are_all = recent.after(self._place.cursor, LIMIT)
        self._place = replace(self._place, cursor=self._place.cursor + len(own))
        return own, are_all

    def _until_look(self) -> float:
        """What was delivered without a look puts off none."""
        return max(0.0, self._looked_at + self._heartbeat - time.monotonic())

    def _look(self) -> Batch | None:
        """In the tail's own thread, with its own connection."""
        try:
            batch = self._read()
        except Exception:
            if not self._pause:
                log.exception("tail_lost_database")
            self._pause = min(LONGEST_PAUSE, self._pause * 2 or FIRST_PAUSE)
            close_quietly()
            # Whatever database comes back, it is read.
            recent.clear()
            return None
        if self._pause:
            log.warning("tail_recovered", extra={"cursor": self.cursor})
            self._pause = 0.0
        return batch

    def _read(self) -> Batch:
        if self._place is None:
            self._place = present_place()
        now = time.time()
        gaps = self._place.to_ask(asked_at=self._asked_at, at=now)
        batch = read(self._place, gaps=gaps, limit=LIMIT)
        # At its end, so that a slow database has a rest between two looks.
        self._looked_at = time.monotonic()
        place = self._place.take_all([entry.pk for entry in batch.entries], batch.moment)
        if batch.is_whole and len(gaps) == len(self._place.gaps):
            self._asked_at = now
            place = place.settle(batch.moment)
        self._place = place
        return batch
