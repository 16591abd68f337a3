"""When this happens, these follow: the one table of listeners, and what each web process starts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kefu.background.schedule import Recurring
from kefu.config.readings import keep_for_ever
from kefu.config.running.vital import Vital
from kefu.conversations import releases
from kefu.conversations.fresh import fresh
from kefu.helpcentre.tasks import SCHEDULE as HELPCENTRE
from kefu.journal.listeners import Listener
from kefu.journal.models import Entry
from kefu.journal.rings import Ear
from kefu.journal.tail import Tail
from kefu.mailroom import notices
from kefu.realtime import leases
from kefu.realtime.hub import Hub, hub
from kefu.realtime.presence import renew_for_ever
from kefu.realtime.rights import look_for_ever
from kefu.safety.tasks import SCHEDULE as SAFETY
from kefu.search.listeners import follow, followed_kinds
from kefu.search.tasks import SCHEDULE as SEARCH

# Listener by listener, each with its own durable cursor; the worker runs them.
LISTENERS: tuple[Listener, ...] = (
    Listener("search", followed_kinds(), follow),
    Listener("letters", notices.FOLLOWED, notices.follow, notices.concerns),
    Listener("releases", releases.FOLLOWED, releases.follow),
)

# What is done again and again, beside the worker's own housekeeping.
SCHEDULE: tuple[Recurring, ...] = (*SAFETY, *SEARCH, *HELPCENTRE)


class Realtime:
    """What a web process runs beside its pages: ear, tail, and the leases' clock."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.heard_by: list[Callable[[list[Entry]], None]] = []
        self.tail = Tail(self._deliver)
        self.ear = Ear()
        self.vital = Vital()

    async def start(self) -> None:
        await self.ear.start(self.tail.wake, leases.take)
        fresh.begin()
        self.vital.start("tail", self.tail.run())
        self.vital.start("leases", leases.expire_for_ever())
        self.vital.start("presence", renew_for_ever())
        self.vital.start("rights", look_for_ever())
        self.vital.start("metrics", keep_for_ever())

    async def _deliver(self, entries: list[Entry]) -> None:
        """What this process keeps is forgotten first, so that whoever is told of a change and looks sees it."""
        for hear in self.heard_by:
            hear(entries)
        await self.hub.deliver(entries)

    async def hand_over(self) -> None:
        """Nobody comes in any more; whoever is here goes to another process, and is told everything until then."""
        await self.hub.hand_over()

    async def stop(self) -> None:
        """What asks the hub goes first; a round of the tail that is under way still needs its threads."""
        await self.ear.stop()
        await self.tail.stop()
        fresh.end()
        await self.vital.stop()
        # What waits is committed, on a thread, for it may take seconds; who hears of it no more sends it again.
        await asyncio.to_thread(self.hub.writer.close)
        self.hub.close()


realtime = Realtime(hub)
start = realtime.start
hand_over = realtime.hand_over
stop = realtime.stop
