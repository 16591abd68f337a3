"""Ears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from kefu.journal.rings.bell import bell


class Ear:
    """What a web process hears; its callbacks run in the event loop that started it."""

    async def start(self, on_ring: Callable[[], None], on_lease: Callable[[dict[str, Any]], None]) -> None:
        loop = asyncio.get_running_loop()
        self._ring = lambda: loop.call_soon_threadsafe(on_ring)
        self._lease = lambda lease: loop.call_soon_threadsafe(on_lease, lease)
        bell().on_ring.append(self._ring)
        bell().on_lease.append(self._lease)

    async def stop(self) -> None:
        bell().on_ring.remove(self._ring)
        bell().on_lease.remove(self._lease)
