"""Sockets of those who lost a right without an entry that says so: looked for every few minutes."""

from __future__ import annotations

import asyncio
import logging

from kefu.realtime.database import Busy
from kefu.realtime.hub import hub

log = logging.getLogger(__name__)
# A session that expires by itself is found within so many seconds; docs/developers/protocol.md says so.
LOOKS_EVERY = 300


async def look_for_ever() -> None:
    while True:
        await asyncio.sleep(LOOKS_EVERY)
        await look()


async def look() -> None:
    """Ask anew for each socket of this process, one after the other, so that it holds nobody up."""
    for connection in hub.connections:
        try:
            await hub.ask_anew(connection)
        except Busy:
            log.warning("rights not asked", extra={"sockets": len(hub.connections)})
            return
