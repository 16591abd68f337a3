"""A web process that follows the journal and prints what it is given; its heartbeat is so slow that only rings help."""

from __future__ import annotations

import asyncio

from kefu.journal.tests.children import become_child, say

AN_HOUR = 3600.0


async def follow() -> None:
    from kefu.journal.rings import Ear
    from kefu.journal.tail import Tail

    async def deliver(entries) -> None:
        for entry in entries:
            say(entry.pk)

    tail, ear = Tail(deliver, heartbeat=AN_HOUR), Ear()
    await ear.start(tail.wake, lambda _: None)
    following = asyncio.create_task(tail.run())
    while not tail.is_well:
        await asyncio.sleep(0.01)
    say("ready")
    await following


if __name__ == "__main__":
    become_child()
    asyncio.run(follow())
