"""Whether the client is still there while its request waits, runs and is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kefu.config.adapter.asgi_types import Receive


class Peer:
    """Reads on after the body, where nothing comes but the news that the client has gone."""

    def __init__(self, receive: Receive) -> None:
        self.is_gone = False
        self._when_gone: Callable[[], None] | None = None
        self._watching = asyncio.create_task(self._watch(receive))

    def when_gone(self, tell: Callable[[], None]) -> None:
        """Call this once the client has gone, at once if it has already."""
        if self.is_gone:
            tell()
        else:
            self._when_gone = tell

    def stop_watching(self) -> None:
        self._when_gone = None
        self._watching.cancel()

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.is_gone = True
        if self._when_gone is not None:
            self._when_gone()
