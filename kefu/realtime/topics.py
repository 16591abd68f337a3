"""What can be listened to: rooms register a topic's authoriser, its catching up, and its rendering."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kefu.journal.models import Entry
from kefu.realtime.people import Person


@dataclass(frozen=True)
class Outgoing:
    """One frame for everybody who listens to a topic."""

    topic: str
    frame: bytes


# All synchronous, run on the database thread.
Authorise = Callable[[Person, str], bool]
CatchUp = Callable[[Person, str, int], list[bytes]]
Render = Callable[[Sequence[Entry], frozenset[str]], list[Outgoing]]


@dataclass(frozen=True)
class TopicKind:
    """Topics that begin with `prefix`. `audience` is who may listen at all: "customer" or "agent"."""

    prefix: str
    authorise: Authorise
    catch_up: CatchUp
    render: Render


_kinds: list[TopicKind] = []


def register(kind: TopicKind) -> None:
    if all(known.prefix != kind.prefix for known in _kinds):
        _kinds.append(kind)


def kind_of(topic: str) -> TopicKind | None:
    return next((kind for kind in _kinds if topic.startswith(kind.prefix)), None)


def render(entries: Sequence[Entry], topics: frozenset[str]) -> list[Outgoing]:
    """Every frame that these journal entries mean to those topics, in order."""
    out: list[Outgoing] = []
    for kind in _kinds:
        wanted = frozenset(topic for topic in topics if topic.startswith(kind.prefix))
        if wanted:
            out += kind.render(entries, wanted)
    return out


def audience_of(topic: str) -> str:
    """A socket is a customer's or an agent's by what it listens to."""
    return "customer" if topic.endswith("/customer") else "agent"
