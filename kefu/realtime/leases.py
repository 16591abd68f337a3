"""Leases: who types and who looks, for seconds, never stored; they pass between processes beside the rings."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from kefu.journal.actor import Actor, ActorKind
from kefu.journal.rings import pass_on
from kefu.realtime.connection import Connection
from kefu.realtime.frames import encode
from kefu.realtime.hub import hub
from kefu.realtime.shapes import Looking, Person, Typing

TYPING_FOR = 6.0
LOOKING_FOR = 30.0
EXPIRES_EVERY = 5.0


def typing(topic: str, who: Person, *, by: Actor) -> None:
    """Tell a topic that somebody types, all but themselves; it is forgotten by itself."""
    _tell_typing(topic, who, by)
    # Towards the customer `who` has no id, so whom to leave out is said beside it.
    pass_on({"lease": "typing", "topic": topic, "who": who, "by": {"kind": by.kind, "id": by.id}})


def _tell_typing(topic: str, who: Person, by: Actor) -> None:
    told: Typing = {"type": "typing", "topic": topic, "who": who, "for_ms": int(TYPING_FOR * 1000)}
    hub.publish(topic, encode(told), but=by)


@dataclass
class Onlookers:
    """Who has which topic open, in every process: each (topic, socket) with the moment at which it ends."""

    ends: dict[str, dict[str, tuple[float, Person]]] = field(default_factory=dict)

    def keep(self, topic: str, holder: str, who: Person) -> bool:
        """True if this changes who is seen to be there."""
        before = self.people(topic)
        self.ends.setdefault(topic, {})[holder] = (time.monotonic() + LOOKING_FOR, who)
        return self.people(topic) != before

    def drop(self, topic: str, holder: str) -> bool:
        before = self.people(topic)
        self.ends.get(topic, {}).pop(holder, None)
        return self.people(topic) != before

    def people(self, topic: str) -> list[Person]:
        now = time.monotonic()
        alive = {who["id"]: who for end, who in self.ends.get(topic, {}).values() if end > now}
        return [alive[key] for key in sorted(alive)]

    def expire(self) -> list[str]:
        """Forget what has ended; the topics where that was seen."""
        now = time.monotonic()
        changed = []
        for topic, holders in list(self.ends.items()):
            gone = [holder for holder, (end, _) in holders.items() if end <= now]
            for holder in gone:
                del holders[holder]
            if gone:
                changed.append(topic)
            if not holders:
                del self.ends[topic]
        return changed


onlookers = Onlookers()


def look(connection: Connection, topic: str | None, who: Person) -> None:
    """This socket has the topic open now, and nothing else."""
    if connection.looking_at and connection.looking_at != topic:
        forget(connection)
    connection.looking_at = topic
    if topic is None:
        return
    pass_on({"lease": "looking", "topic": topic, "holder": connection.id, "who": who})
    if onlookers.keep(topic, connection.id, who):
        tell_onlookers(topic)
    else:
        connection.put_for(topic, _looking(topic))


def forget(connection: Connection) -> None:
    topic, connection.looking_at = connection.looking_at, None
    if topic is None:
        return
    pass_on({"lease": "left", "topic": topic, "holder": connection.id})
    if onlookers.drop(topic, connection.id):
        tell_onlookers(topic)


def tell_onlookers(topic: str) -> None:
    hub.publish(topic, _looking(topic))


def _looking(topic: str) -> bytes:
    told: Looking = {"type": "looking", "topic": topic, "who": onlookers.people(topic)}
    return encode(told)


def take(lease: dict[str, Any]) -> None:
    """A lease from another process."""
    topic = str(lease.get("topic", ""))
    match lease.get("lease"):
        case "typing":
            _tell_typing(topic, lease["who"], Actor(ActorKind(lease["by"]["kind"]), lease["by"]["id"]))
        case "looking":
            if onlookers.keep(topic, str(lease["holder"]), lease["who"]):
                tell_onlookers(topic)
        case "left":
            if onlookers.drop(topic, str(lease["holder"])):
                tell_onlookers(topic)


async def expire_for_ever() -> None:
    """Leases of a process that died end by themselves."""
    while True:
        await asyncio.sleep(EXPIRES_EVERY)
        for topic in onlookers.expire():
            tell_onlookers(topic)
