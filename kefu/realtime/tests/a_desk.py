"""A web process in which one agent has the desk open; it prints what that agent is told, and does as it is told."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from typing import Any

import msgspec

from kefu.journal.tests.children import become_child, say

TOPIC = "conversation:XH-7Q2M-9KDV-0T3A-C/staff"
LOOKING_FOR = 1.5


async def keep_open(agent_id: int, name: str) -> None:
    from kefu.journal.actor import Actor, ActorKind
    from kefu.journal.rings import Ear
    from kefu.realtime import leases, presence
    from kefu.realtime.connection import Connection
    from kefu.realtime.hub import hub
    from kefu.realtime.people import Credentials, Person

    ear = Ear()
    await ear.start(lambda: None, leases.take)
    connection = Connection(tell, credentials=Credentials(cookies={}))
    connection.person = Person(Actor(ActorKind.AGENT, agent_id), name, None)
    hub.add(connection)
    hub.listen(connection, TOPIC)
    connection.release(TOPIC, [])
    who = {"kind": "agent", "id": agent_id, "name": name}
    works = (connection.write(), leases.expire_for_ever(), presence.renew_for_ever())
    running = [asyncio.create_task(work) for work in works]
    say("ready")
    looking = None
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        if line == "type":
            leases.typing(TOPIC, who, by=connection.person.actor)
        elif line == "look":
            looking = asyncio.create_task(keep_looking(connection, who))
        elif line == "leave" and looking:
            looking.cancel()
            leases.forget(connection)
    for task in running:
        task.cancel()


async def keep_looking(connection: Any, who: Any) -> None:
    """As a browser does: again and again, well before it would be forgotten."""
    from kefu.realtime import leases

    while True:
        leases.look(connection, TOPIC, who)
        await asyncio.sleep(leases.LOOKING_FOR / 3)


async def tell(message: dict[str, Any]) -> None:
    told = msgspec.json.decode(message["text"])
    names = [told["who"]["name"]] if told["type"] == "typing" else [who["name"] for who in told["who"]]
    line = " ".join([told["type"], *names])
    # Who looks again is told the same again.
    if told["type"] == "typing" or line != before.get("line"):
        before["line"] = line
        say(line)


before: dict[str, str] = {}


def shorten_times() -> None:
    from kefu.realtime import leases, presence

    leases.LOOKING_FOR, leases.EXPIRES_EVERY = LOOKING_FOR, LOOKING_FOR / 10
    presence.RENEW_EVERY, presence.LASTS = LOOKING_FOR / 5, timedelta(seconds=LOOKING_FOR)


if __name__ == "__main__":
    options = become_child()
    shorten_times()
    asyncio.run(keep_open(*options["agent"]))
