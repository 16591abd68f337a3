"""What a database's word index must do; both answers are compared in a test."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kefu.search.parts import MARKS

# A thing's id as the database writes it: hundreds are compared, and a few turned into numbers.
ThingId = str
# Before the word that says whose a thing is; no folded text holds it.
SCOPE = "§"
# How many parts an echo is looked for in.
ECHOED = 2
# So many looks, a term in a part each, are one statement: SQLite joins 500 at most, and each costs time.
MOST_LOOKS = 200


@dataclass(frozen=True)
class Term:
    """A token, or any of several; with `is_prefix` every token that begins so."""

    text: str
    is_prefix: bool = False
    others: tuple[str, ...] = ()
    # Only in title and synonyms: where an idea stands for a word already, it matters no more elsewhere.
    is_echo: bool = False

    def is_looked_for_in(self, place: int) -> bool:
        return place < self.looks

    @property
    def looks(self) -> int:
        """In how many parts it is looked for."""
        return ECHOED if self.is_echo else len(MARKS)

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.text, *self.others)


def scope_mark(brand_id: int, audience: str, source: str) -> str:
    """The word in the index that says whose a thing is, who may see it, and of what kind it is."""
    return f"{SCOPE}{brand_id}{SCOPE}{audience}{SCOPE}{source}".replace("_", SCOPE).replace("-", SCOPE)


@dataclass(frozen=True)
class Scope:
    """Whose things may be found: permission is part of every query, never a filter afterwards."""

    brand_id: int
    audiences: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def marks(self) -> tuple[str, ...]:
        return tuple(
            scope_mark(self.brand_id, audience, source)
            for audience in self.audiences
            for source in self.sources
        )


@dataclass(frozen=True)
class Standing:
    """How many things a scope holds, and for each term those that have it in each part, in the parts' order."""

    things: int
    parts: Mapping[Term, Sequence[Collection[ThingId]]]


class WordIndex(ABC):
    """A row of terms for each thing; rows are found by terms within a scope."""

    @abstractmethod
    def write(self, thing_id: int, mark: str, terms: Sequence[str]) -> None:
        """Replace the terms of a thing, with the mark of its scope."""

    @abstractmethod
    def remove(self, thing_ids: Iterable[int]) -> None:
        """Forget these things; unknown ids are no error."""

    @abstractmethod
    def any_of(self, texts: Iterable[str], marks: Iterable[str], *, is_prefix: bool = False) -> str:
        """The database's own query: any of these terms, if there are any, in what has any of these marks."""

    @abstractmethod
    def statement(self, queries: Sequence[str]) -> tuple[str, list[Any]]:
        """SQL with its arguments that gives a row for each query, numbered from 1: of the first how many match, of the others
        the ids that match, joined by commas.
        """

    def standing(self, terms: Sequence[Term], scope: Scope) -> Standing:
        """Where each term stands within the scope, in one query."""
        marks = scope.marks
        asked = [
            (term, place) for term in terms for place in range(len(MARKS)) if term.is_looked_for_in(place)
        ]
        queries = [self.any_of((), marks)]
        queries += [
            self.any_of([MARKS[place] + text for text in term.texts], marks, is_prefix=term.is_prefix)
            for term, place in asked
        ]
        with connection.cursor() as cursor:
            cursor.execute(*self.statement(queries))
            found: dict[int, str | None] = dict(cursor.fetchall())
        parts: dict[Term, list[Collection[ThingId]]] = {term: [()] * len(MARKS) for term in terms}
        for number, (term, place) in enumerate(asked, 2):
            ids = found[number]
            parts[term][place] = ids.split(",") if ids else ()
        return Standing(int(found[1] or 0), parts)
