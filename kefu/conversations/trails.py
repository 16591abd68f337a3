"""What a customer read before they asked: rooms above register their kinds of pages, browsers name them, agents see them.

A contract module. A browser names pages by what stands in their addresses; a name that nothing public has is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kefu.brands.models import Brand
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.trail_step import TrailStep
from kefu.safety.guard import guard

SEARCH = "search"
LONGEST = 10
LONGEST_WORDS = 200


@dataclass(frozen=True)
class Step:
    """`name` is the page's name in its address, or for SEARCH the words."""

    kind: str
    name: str


@dataclass(frozen=True)
class Page:
    """A page as it is called and found today."""

    title: str
    path: str


@dataclass(frozen=True)
class PageKind:
    """`find` gives the ids of those of the named pages that everybody may read; `draw` names them in a language."""

    find: Callable[[Brand, Collection[str]], Mapping[str, int]]
    draw: Callable[[Collection[int], str], Mapping[int, Page]]


@dataclass(frozen=True)
class Drawn:
    """`path` and `title` are those of a page; of a search there are words only."""

    kind: str
    title: str
    path: str


_kinds: dict[str, PageKind] = {}


def register(name: str, kind: PageKind) -> None:
    _kinds[name] = kind


def keep(conversation: Conversation, steps: Sequence[Step]) -> None:
    """Store the last LONGEST steps with a conversation that has just been opened."""
    latest = steps[-LONGEST:]
    ids = {
        name: kind.find(conversation.brand, {one.name for one in latest if one.kind == name})
        for name, kind in _kinds.items()
        if any(one.kind == name for one in latest)
    }
    kept = [row for one in latest if (row := _row(one, ids))]
    for place, row in enumerate(kept):
        row.conversation, row.place = conversation, place
    TrailStep.objects.bulk_create(kept)


def _row(step: Step, ids: Mapping[str, Mapping[str, int]]) -> TrailStep | None:
    if step.kind == SEARCH:
        words = " ".join(step.name.split())[:LONGEST_WORDS]
        return TrailStep(kind=SEARCH, words=guard(words)) if words else None
    object_id = ids.get(step.kind, {}).get(step.name)
    return None if object_id is None else TrailStep(kind=step.kind, object_id=object_id)


def drawn(steps: Iterable[TrailStep], language: str) -> list[Drawn]:
    """Steps as they are shown; a page that is gone is left out. One question a kind of page."""
    steps = list(steps)
    pages = {
        name: kind.draw({one.object_id for one in steps if one.kind == name and one.object_id}, language)
        for name, kind in _kinds.items()
        if any(one.kind == name for one in steps)
    }
    shown = [_drawn(one, pages) for one in steps]
    return [one for one in shown if one is not None]


def _drawn(step: TrailStep, pages: Mapping[str, Mapping[int, Page]]) -> Drawn | None:
    if step.kind == SEARCH:
        return Drawn(SEARCH, str(step.words), "")
    page = pages.get(step.kind, {}).get(step.object_id or 0)
    return Drawn(step.kind, page.title, page.path) if page else None
