"""This process's sockets by topic; the journal's tail speaks to them through here."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from kefu.background.meters import SECONDS, Level, Spread
from kefu.journal.actor import Actor, ActorKind
from kefu.journal.models import Entry
from kefu.realtime import people, topics
from kefu.realtime.connection import GOING_AWAY, LOST_PERMISSION, Connection
from kefu.realtime.database import THREADS, Busy, DatabaseThreads
from kefu.realtime.people import Credentials
from kefu.realtime.writer import Writer

log = logging.getLogger(__name__)

# A process that stops sends its sockets away at this pace, or faster if that would take longer than it has: the
# supervisor waits for half a minute, and the answers under way need ten seconds of it.
LEAVE_EACH_SECOND, LEAVE_EVERY, LEAVES_WITHIN = 500, 0.05, 8.0
PATIENCE, LOOKS_EVERY = 1.0, 0.02
# Until what was committed is drawn: each thread may have lost its connection, and a database that is started again takes
# a few seconds, in which those who listen need not go away.
PAUSES, DRAWN_WITHIN = (LOOKS_EVERY,) * THREADS + (0.2, 0.5, 1.0, 2.0), 5.0
DELIVERIES = Spread(
    "kefu_delivery_seconds",
    "From the record of an event, just before its commit, until the sockets here have its frames, in seconds.",
    SECONDS,
)
# Facts that may end somebody's right to listen, and whose: rooms above add theirs.
losing: dict[str, Callable[[Entry], set[Actor]]] = {}


class Hub:
    def __init__(self) -> None:
        self.database = DatabaseThreads()
        self.writer = Writer()
        self._connections: set[Connection] = set()
        self._listening: defaultdict[str, set[Connection]] = defaultdict(set)
        self._listened = topics.Listened()
        self._is_leaving = False

    def add(self, connection: Connection) -> None:
        self._connections.add(connection)
        if self._is_leaving:
            connection.end(GOING_AWAY)

    def remove(self, connection: Connection) -> None:
        self._connections.discard(connection)
        for topic in list(connection.topics):
            self.unlisten(connection, topic)

    def listen(self, connection: Connection, topic: str) -> None:
        connection.hold(topic)
        self._listening[topic].add(connection)
        self._listened.add(topic)

    def unlisten(self, connection: Connection, topic: str) -> None:
        connection.topics.pop(topic, None)
        self._listening[topic].discard(connection)
        if not self._listening[topic]:
            del self._listening[topic]
            self._listened.discard(topic)

    def listeners(self, topic: str) -> Iterator[Connection]:
        return iter(tuple(self._listening.get(topic, ())))

    def is_heard(self, topic: str) -> bool:
        """Whether somebody listens here; asked from any thread."""
        return topic in self._listened

    @property
    def agents(self) -> set[int]:
        """Ids of the agents who are here. It is asked again and again with thousands of customers beside them."""
        people = (connection.person for connection in self._connections)
        return {one.id for one in people if one is not None and one.actor.kind is ActorKind.AGENT}

    @property
    def connections(self) -> tuple[Connection, ...]:
        return tuple(self._connections)

    def lead(self, connection: Connection, topic: str, place: int, frame: bytes) -> None:
        """Put an answer that says what happened at this place, too: if nobody else listens here, it is not drawn again."""
        connection.put(frame)
        listening = self._listening.get(topic, ())
        if len(listening) == 1 and connection in listening and connection.has_caught_up(topic):
            self._listened.note(topic, place)

    def publish(self, topic: str, frame: bytes, *, but: Actor | None = None) -> None:
        """To all who listen here, on whichever socket, but not to this person."""
        for connection in self.listeners(topic):
            if but is None or connection.person is None or connection.person.actor != but:
                connection.put_for(topic, frame)

    async def deliver(self, entries: list[Entry]) -> None:
        """One rendering an audience for everybody here who listens; called by the tail, in order."""
        await self._send_back(entries)
        if self._listening:
            outgoing, left = topics.ready(entries, self._listened)
            self._publish_all(outgoing)
            if left:
                self._publish_all(await self._rendered(left))
            # The sockets' own tasks go first: what a socket has room for is on its way by then.
            await asyncio.sleep(0)
            at = time.time()
            DELIVERIES.take_all(at - entry.recorded_at.timestamp() for entry in entries)

    def _publish_all(self, outgoing: Iterable[topics.Outgoing]) -> None:
        # Thousands at a time, most of them to one.
        for topic, frame in outgoing:
            for connection in tuple(self._listening.get(topic, ())):
                connection.put_for(topic, frame)

    async def _rendered(self, left: topics.Left) -> list[topics.Outgoing]:
        until = time.monotonic() + DRAWN_WITHIN
        for pause in PAUSES:
            # A connection that broke meanwhile is closed by that. What the tail has passed on comes only once.
            with contextlib.suppress(Busy):
                return await self.database.in_any_case(topics.render, left, self._listened)
            if pause > LOOKS_EVERY and (self._is_leaving or time.monotonic() + pause > until):
                break
            await asyncio.sleep(pause)
        try:
            return await self.database.in_any_case(topics.render, left, self._listened)
        except Busy:
            # Who saw none of it might never notice: they come again, and with the hello what they missed.
            for connection in self.connections:
                if connection.topics:
                    connection.end(GOING_AWAY)
            raise

    async def _send_back(self, entries: list[Entry]) -> None:
        """Sockets that came by an ended session close for good; all others of that person must come again.

        Their session may be about to change, so the next hello asks anew who they are and what they may hear.
        """
        concerned = {
            actor for entry in entries if entry.kind in losing for actor in losing[entry.kind](entry)
        }
        for connection in self.connections if concerned else ():
            if connection.person and connection.person.actor in concerned:
                with contextlib.suppress(Busy):
                    await self.ask_anew(connection)
                connection.close(GOING_AWAY)

    async def ask_anew(self, connection: Connection) -> None:
        """Close the socket of somebody who may no longer hear all that they listen to. Raises Busy."""
        if connection.person is None:
            return
        listening = tuple(connection.topics)
        if not await self.database(_may_listen, connection.person.kind, connection.credentials, listening):
            connection.close(LOST_PERMISSION)

    async def hand_over(self) -> None:
        """Send all who are here to the other processes, few at a time, so that these can greet them.

        Takes `LEAVES_WITHIN` seconds at most, and one more for those who are slow to hear it. What somebody said and is not
        acknowledged yet, they say again there, and get the first result.
        """
        self._is_leaving = True
        going, began_at = self.connections, time.monotonic()
        at_once = max(LEAVE_EACH_SECOND * LEAVE_EVERY, len(going) * LEAVE_EVERY / LEAVES_WITHIN)
        for place, connection in enumerate(going, start=1):
            connection.end(GOING_AWAY)
            if place % math.ceil(at_once) == 0:
                await asyncio.sleep(LEAVE_EVERY)
        told_at = time.monotonic()
        log.info(
            "sockets_handed_over", extra={"sockets": len(going), "seconds": round(told_at - began_at, 3)}
        )
        until = told_at + PATIENCE
        while self._connections and time.monotonic() < until:
            await asyncio.sleep(LOOKS_EVERY)

    def close(self) -> None:
        """The server is going away: clients come back by themselves, with jitter."""
        for connection in self.connections:
            connection.close(GOING_AWAY)
        self.writer.close(seconds=0)
        self.database.close()


def _may_listen(kind: str, credentials: Credentials, wanted: tuple[str, ...]) -> bool:
    person = people.identify(kind, credentials, next(iter(wanted), ""))
    if person is None:
        return False
    return all(found.authorise(person, topic) for topic in wanted if (found := topics.kind_of(topic)))


hub = Hub()
Level(
    "kefu_sockets", "Sockets that are open, and requests that stand in for one.", lambda: len(hub.connections)
)
