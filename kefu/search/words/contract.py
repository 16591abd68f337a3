"""What a database's word index must do; both answers are compared in a test."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

Thing = tuple[str, int]
MOST_A_TERM = 3_000
FIELDS = ("title", "synonyms", "headings", "body")


@dataclass(frozen=True)
class Term:
    """A token, or with `is_prefix` every token that begins so."""

    text: str
    is_prefix: bool = False

    def is_met_by(self, token: str) -> bool:
        return token.startswith(self.text) if self.is_prefix else token == self.text


@dataclass(frozen=True)
class Scope:
    """Whose documents may be found: permission is part of every query, never a filter afterwards."""

    brand_id: int
    audiences: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """How many documents a scope holds, in how many each term stands, and the things that have it at all or in a title.

    A term that stands in more documents than MOST_A_TERM is known from the newest of them only.
    """

    documents: int
    frequencies: Mapping[Term, int]
    anywhere: Mapping[Term, frozenset[Thing]]
    titles: Mapping[Term, frozenset[Thing]]


class WordIndex(ABC):
    """One field a list of tokens, one row a document; rows are found by terms within a scope."""

    match: str

    @abstractmethod
    def write(self, document_id: int, fields: dict[str, Sequence[str]]) -> None:
        """Replace the tokens of a document."""

    @abstractmethod
    def remove(self, document_ids: Iterable[int]) -> None:
        """Forget these documents; unknown ids are no error."""

    @abstractmethod
    def any_of(self, terms: Iterable[Term], *, in_titles: bool = False) -> str:
        """The database's own query for any of the terms, in title and synonyms only if asked."""

    def standing(self, terms: Sequence[Term], scope: Scope) -> Standing:
        """Where each term stands within the scope, in one query."""
        within, values = _within(scope)
        parts = [f"SELECT -1, '', count(*) FROM search_document d WHERE {within}"]  # noqa: S608
        arguments = [*values]
        for place, (term, in_titles) in enumerate(_askings(terms)):
            parts.append(
                f"SELECT * FROM (SELECT {place}, d.source, d.object_id FROM {self.match} AND {within}"  # noqa: S608
                f" ORDER BY d.id DESC LIMIT {MOST_A_TERM}) AS t{place}"
            )
            arguments += [self.any_of([term], in_titles=in_titles), *values]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), arguments)
            return _standing(terms, cursor.fetchall())


def _askings(terms: Sequence[Term]) -> list[tuple[Term, bool]]:
    return [(term, in_titles) for in_titles in (False, True) for term in terms]


def _standing(terms: Sequence[Term], rows: Iterable[tuple[int, str, int]]) -> Standing:
    found: list[list[Thing]] = [[] for _ in _askings(terms)]
    documents = 0
    for place, source, number in rows:
        if place < 0:
            documents = number
        else:
            found[place].append((source, number))
    anywhere, titles = found[: len(terms)], found[len(terms) :]
    return Standing(
        documents=documents,
        frequencies={term: len(things) for term, things in zip(terms, anywhere, strict=True)},
        anywhere={term: frozenset(things) for term, things in zip(terms, anywhere, strict=True)},
        titles={term: frozenset(things) for term, things in zip(terms, titles, strict=True)},
    )


def _within(scope: Scope) -> tuple[str, list[str | int]]:
    audiences = ", ".join(["%s"] * len(scope.audiences))
    sources = ", ".join(["%s"] * len(scope.sources))
    condition = f"d.brand_id = %s AND d.audience IN ({audiences}) AND d.source IN ({sources})"
    return condition, [scope.brand_id, *scope.audiences, *scope.sources]
