"""How long we wait for a peer: a stalled one holds nothing for ever, nor does one that sends a byte a minute."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

from kefu.config.adapter.limits import Limits
from kefu.config.adapter.refusals import TooSlow

Result = TypeVar("Result")


class Pace:
    """One direction of one request. Only time spent on the peer counts, not our own."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.waited = 0.0
        self.moved = 0

    def count(self, size: int) -> None:
        self.moved += size

    async def wait(self, peer: Awaitable[Result]) -> Result:
        """What the peer gives; raises TooSlow."""
        allowed = self.limits.grace_seconds + self.moved / self.limits.least_rate
        began = time.monotonic()
        try:
            async with asyncio.timeout(min(self.limits.chunk_seconds, allowed - self.waited)):
                return await peer
        except TimeoutError:
            raise TooSlow from None
        finally:
            self.waited += time.monotonic() - began
