"""What can be searched: rooms above say it here, in their apps.py."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

PUBLIC = "public"
STAFF = "staff"


@dataclass(frozen=True)
class Searchable:
    """One language of one thing, as its room knows it today; it is read at `path` and filed under `label`.

    `shelf` is the key that results can be narrowed to; `headings` are the lines that say what a passage is about.
    """

    object_id: int
    brand_id: int
    language: str
    audience: str
    title: str
    path: str
    label: str = ""
    shelf: str = ""
    synonyms: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True)
class Source:
    """A kind of searchable things.

    `load` gives every language of the things with these ids, and nothing for those that are gone; `ids` gives all that
    `load` gives something for; `kinds` names the journal's events whose subject is such a thing.
    `readable(ids, audiences)` gives which of the things are read in which language at this moment, as (id, language): the
    index may be behind, by as long as no worker runs.
    """

    name: str
    load: Callable[[Iterable[int]], Iterable[Searchable]]
    ids: Callable[[], Iterable[int]]
    readable: Callable[[Collection[int], Collection[str]], Iterable[tuple[int, str]]]
    kinds: frozenset[str] = field(default_factory=frozenset)


class AlreadyRegistered(ValueError):
    """Two rooms call their searchable things by one name."""


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Make a room's things searchable; raises AlreadyRegistered when another source has the name."""
    if _sources.get(source.name, source) != source:
        raise AlreadyRegistered(f"{source.name} is registered by another room.")
    _sources[source.name] = source


def sources() -> list[Source]:
    return list(_sources.values())


def source_named(name: str) -> Source:
    return _sources[name]


def sources_of(kind: str) -> list[Source]:
    """The sources that an event of this kind changes."""
    return [source for source in _sources.values() if kind in source.kinds]
