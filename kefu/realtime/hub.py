"""This process's sockets by topic; the journal's tail speaks to them through here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from kefu.journal.actor import Actor
from kefu.journal.models import Entry
from kefu.realtime import topics
from kefu.realtime.connection import GOING_AWAY, Connection
from kefu.realtime.database import DatabaseThreads
from kefu.realtime.people import Person

# Facts that may end somebody's right to listen, and whose: rooms above add theirs.
losing: dict[str, Callable[[Entry], set[Actor]]] = {}


class Hub:
    def __init__(self) -> None:
        self.database = DatabaseThreads()
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
        self._send_back(entries)
        wanted = frozenset(self._listening)
        if wanted:
            for outgoing in await self.database(topics.render, entries, wanted):
                self.publish(outgoing.topic, outgoing.frame)

    def _send_back(self, entries: list[Entry]) -> None:
        """Whoever lost a right must come again: the next hello asks anew who they are and what they may hear."""
        concerned = {
            actor for entry in entries if entry.kind in losing for actor in losing[entry.kind](entry)
        }
        for connection in self.connections if concerned else ():
            if connection.person and connection.person.actor in concerned:
                connection.close(GOING_AWAY)

    def close(self) -> None:
        """The server is going away: clients come back by themselves, with jitter."""
        for connection in self.connections:
            connection.close(GOING_AWAY)
        self.database.close()


hub = Hub()
