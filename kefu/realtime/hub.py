"""This process's sockets by topic; the journal's tail speaks to them through here."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator

from kefu.journal.actor import Actor
from kefu.journal.models import Entry
from kefu.realtime import people, topics
from kefu.realtime.connection import GOING_AWAY, LOST_PERMISSION, Connection
from kefu.realtime.database import Busy, DatabaseThreads
from kefu.realtime.people import Credentials, Person
from kefu.realtime.writer import Writer

# Facts that may end somebody's right to listen, and whose: rooms above add theirs.
losing: dict[str, Callable[[Entry], set[Actor]]] = {}


class Hub:
    def __init__(self) -> None:
        self.database = DatabaseThreads()
        self.writer = Writer()
        self._connections: set[Connection] = set()
        self._listening: defaultdict[str, set[Connection]] = defaultdict(set)

    def add(self, connection: Connection) -> None:
        self._connections.add(connection)

    def remove(self, connection: Connection) -> None:
        self._connections.discard(connection)
        for topic in list(connection.topics):
            self.unlisten(connection, topic)

    def listen(self, connection: Connection, topic: str) -> None:
        connection.hold(topic)
        self._listening[topic].add(connection)

    def unlisten(self, connection: Connection, topic: str) -> None:
        connection.topics.pop(topic, None)
        self._listening[topic].discard(connection)
        if not self._listening[topic]:
            del self._listening[topic]

    def listeners(self, topic: str) -> Iterator[Connection]:
        return iter(tuple(self._listening.get(topic, ())))

    @property
    def people(self) -> set[Person]:
        return {connection.person for connection in self._connections if connection.person}

    @property
    def connections(self) -> tuple[Connection, ...]:
        return tuple(self._connections)

    def publish(self, topic: str, frame: bytes, *, but: Actor | None = None) -> None:
        """To all who listen here, on whichever socket, but not to this person."""
        for connection in self.listeners(topic):
            if but is None or connection.person is None or connection.person.actor != but:
                connection.put_for(topic, frame)

    async def deliver(self, entries: list[Entry]) -> None:
        """One rendering an audience for everybody here who listens; called by the tail, in order."""
        await self._send_back(entries)
        wanted = frozenset(self._listening)
        if wanted:
            for outgoing in await self.database(topics.render, entries, wanted):
                self.publish(outgoing.topic, outgoing.frame)

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
