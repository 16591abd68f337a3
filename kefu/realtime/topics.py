"""What can be listened to: rooms register a topic's authoriser, its catching up, and its rendering."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kefu.journal.models import Entry
from kefu.realtime.people import Person


class Outgoing(NamedTuple):
    """One frame for everybody who listens to a topic."""

    topic: str
    frame: bytes


class Listened:
    """Topics that somebody in this process listens to. Asked by the database's threads while the loop changes it."""

    def __init__(self, topics: Iterable[str] = ()) -> None:
        self._by_prefix: dict[str, dict[str, None]] = {}
        # All of them: who looks for one of thousands need not find its kind first.
        self._all: set[str] = set()
        # Places of a topic that its only listener was told with an answer, and the last one that was delivered.
        self._told: dict[str, set[int]] = {}
        self._delivered: dict[str, int] = {}
        for topic in topics:
            self.add(topic)

    def add(self, topic: str) -> None:
        if kind := kind_of(topic):
            self._by_prefix.setdefault(kind.prefix, {})[topic] = None
            self._all.add(topic)
            self._told.pop(topic, None)

    def discard(self, topic: str) -> None:
        self._all.discard(topic)
        self._told.pop(topic, None)
        self._delivered.pop(topic, None)
        if kind := kind_of(topic):
            self._by_prefix.get(kind.prefix, {}).pop(topic, None)

    def __contains__(self, topic: str) -> bool:
        return topic in self._all

    def note(self, topic: str, place: int) -> None:
        """All who listen have been told already what happened at this place. Whoever comes now has not.

        A delivery may have come before the answer: then nobody will ask for this place any more.
        """
        if place > self._delivered.get(topic, 0):
            self._told.setdefault(topic, set()).add(place)

    def has_told(self, topic: str) -> bool:
        """Whether to ask at all."""
        return topic in self._told

    def knows(self, topic: str, places: Sequence[int]) -> bool:
        """Whether all who listen have been told of all of these."""
        told = self._told.get(topic)
        return told is not None and told.issuperset(places)

    def deliver(self, topic: str, places: Sequence[int]) -> None:
        """These, which ascend, are on their way to whoever is to be told of them."""
        if topic in self._all and places:
            # First, so that whoever notes one of them meanwhile is heard by one of the two.
            self._delivered[topic] = places[-1]
            if told := self._told.get(topic):
                told.difference_update(places)

    def of(self, prefix: str) -> tuple[str, ...]:
        """All of a kind: for kinds that have few."""
        return tuple(self._by_prefix.get(prefix, ()))

    def has(self, prefix: str) -> bool:
        return bool(self._by_prefix.get(prefix))


class Ready(NamedTuple):
    """Frames that need no drawing any more, and the entries that do."""

    outgoing: Sequence[Outgoing]
    left: Sequence[Entry]


# All synchronous, run on the database thread.
Authorise = Callable[[Person, str], bool]
CatchUp = Callable[[Person, str, int], list[bytes] | None]
Render = Callable[[Sequence[Entry], Listened], list[Outgoing]]
# Run in the loop.
GetReady = Callable[[Sequence[Entry], Listened], Ready]


def _nothing_is_ready(entries: Sequence[Entry], _: Listened) -> Ready:
    return Ready((), entries)


@dataclass(frozen=True)
class TopicKind:
    """Topics that begin with `prefix`. `catch_up` says what came after a place, or None if the person may not listen."""

    prefix: str
    authorise: Authorise
    catch_up: CatchUp
    render: Render
    ready: GetReady = _nothing_is_ready


# What each kind of topic must still draw.
Left = Sequence[tuple[TopicKind, Sequence[Entry]]]
_kinds: list[TopicKind] = []


def register(kind: TopicKind) -> None:
    if all(known.prefix != kind.prefix for known in _kinds):
        _kinds.append(kind)


def kind_of(topic: str) -> TopicKind | None:
    return next((kind for kind in _kinds if topic.startswith(kind.prefix)), None)


def ready(entries: Sequence[Entry], listened: Listened) -> tuple[list[Outgoing], Left]:
    """What these journal entries mean to whoever listens, as far as it is drawn, and what is still to be drawn."""
    outgoing: list[Outgoing] = []
    left: list[tuple[TopicKind, Sequence[Entry]]] = []
    for kind in _kinds:
        if listened.has(kind.prefix):
            found = kind.ready(entries, listened)
            outgoing += found.outgoing
            if found.left:
                left.append((kind, found.left))
    return outgoing, left


def render(left: Left, listened: Listened) -> list[Outgoing]:
    """The rest, in order."""
    return [outgoing for kind, entries in left for outgoing in kind.render(entries, listened)]


def audience_of(topic: str) -> str:
    """A socket is a customer's or an agent's by what it listens to."""
    return "customer" if topic.endswith("/customer") else "agent"
