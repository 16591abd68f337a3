"""A web process that prints what it hears, and rings or passes on what it is told."""

from __future__ import annotations

import asyncio
import sys

from kefu.journal.tests.children import become_child, say


async def hear() -> None:
    from kefu.journal.rings import Ear, pass_on, ring

    ear = Ear()
    await ear.start(lambda **_: say("ring"), lambda lease: say("lease", lease["who"]))
    say("ready")
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        if line == "ring":
            ring()
        else:
            pass_on({"who": line})
    await ear.stop()


if __name__ == "__main__":
    become_child()
    asyncio.run(hear())
