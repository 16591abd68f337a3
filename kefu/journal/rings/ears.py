"""Who hears: the event loop of a web process, and the threads of a worker."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Protocol

from kefu.journal.rings.bell import bell
from kefu.journal.rings.frames import Lease


class OnRing(Protocol):
    def __call__(self, *, is_own: bool) -> None: ...


class Ear:
    """What a web process hears; callbacks run in the loop that started it; a burst of rings is one."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        # By whether this process rang or another.
        self._is_rung = {True: False, False: False}

    async def start(self, on_ring: OnRing, on_lease: Callable[[Lease], None]) -> None:
        """Hear rings from every process, and leases from the others."""
        self._on_ring, self._on_lease = on_ring, on_lease
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(bell().add, self)

    async def stop(self) -> None:
        self._loop = None
        await asyncio.to_thread(bell().remove, self)

    def hear_ring(self, *, is_own: bool) -> None:
        if not self._is_rung[is_own]:
            self._is_rung[is_own] = True
            self._call(self._ring, is_own)

    def hear_lease(self, lease: Lease) -> None:
        self._call(self._lease, lease)

    def _ring(self, is_own: bool) -> None:
        # Before the callback, so that a ring during it rings again.
        self._is_rung[is_own] = False
        self._on_ring(is_own=is_own)

    def _lease(self, lease: Lease) -> None:
        self._on_lease(lease)

    def _call(self, callback: Callable[..., None], *args: Any) -> None:
        loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(callback, *args)
        except RuntimeError:
            # The loop has closed since; whoever rings has nothing to do with that.
            self._loop = None


class WorkerEar:
    """What a worker process hears: rings only, waited for by one of its threads."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def start(self) -> None:
        bell().add(self)

    def stop(self) -> None:
        bell().remove(self)

    def wait_for_ring(self, timeout: float) -> bool:
        """Whether it rang within so many seconds, or since the last time asked."""
        was_rung = self._rung.wait(timeout)
        self._rung.clear()
        return was_rung

    def hear_ring(self, *, is_own: bool) -> None:  # noqa: ARG002 - it looks whoever rang
        self._rung.set()

    def hear_lease(self, lease: Lease) -> None:
        """Nothing: who types or looks is no work for a worker."""
