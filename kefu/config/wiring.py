"""When this happens, these follow: the one table of listeners, and what each web process starts."""

from __future__ import annotations

import asyncio

from kefu.background.schedule import Recurring
from kefu.journal.listeners import Listener
from kefu.journal.rings import Ear
from kefu.journal.tail import Tail
from kefu.realtime import leases
from kefu.realtime.hub import hub
from kefu.realtime.presence import renew_for_ever
from kefu.safety.tasks import SCHEDULE as SAFETY
from kefu.search.listeners import follow, followed_kinds

# Listener by listener, each with its own durable cursor; the worker runs them.
LISTENERS: tuple[Listener, ...] = (Listener("search", followed_kinds(), follow),)

# What is done again and again, beside the worker's own housekeeping.
SCHEDULE: tuple[Recurring, ...] = (*SAFETY,)


class Realtime:
    """What a web process runs beside its pages: ear, tail, and the leases' clock."""

    def __init__(self) -> None:
        self.tail = Tail(hub.deliver)
        self.ear = Ear()
        self.tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        await self.ear.start(self.tail.wake, leases.take)
        running = (self.tail.run(), leases.expire_for_ever(), renew_for_ever())
        self.tasks = [asyncio.create_task(one) for one in running]

    async def stop(self) -> None:
        hub.close()
        await self.tail.stop()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.ear.stop()


realtime = Realtime()
start = realtime.start
stop = realtime.stop
