"""What a database's word index must do; both answers are compared in a test."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

Thing = tuple[str, int]
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

    def frequencies(self, terms: Sequence[Term], scope: Scope) -> tuple[int, dict[Term, int]]:
        """How many documents the scope holds, and in how many of them each term stands."""
        within, values = _within(scope)
        parts = [f"SELECT -1, count(*) FROM search_document d WHERE {within}"]  # noqa: S608
        arguments = [*values]
        for place, term in enumerate(terms):
            parts.append(f"SELECT {place}, count(*) FROM {self.match} AND {within}")  # noqa: S608
            arguments += [self.any_of([term]), *values]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), arguments)
            counted = dict(cursor.fetchall())
        return counted[-1], {term: counted[place] for place, term in enumerate(terms)}

    def candidates(
        self, terms: Sequence[Term], telling: Sequence[Term], scope: Scope, *, most: int
    ) -> set[Thing]:
        """Things with any of the terms in title or synonyms, and with any telling term anywhere; up to `most` of each."""
        return self._things(self.any_of(terms, in_titles=True), scope, most) | self._things(
            self.any_of(telling), scope, most
        )

    def _things(self, query: str, scope: Scope, most: int) -> set[Thing]:
        within, values = _within(scope)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT d.source, d.object_id FROM {self.match} AND {within}"  # noqa: S608
                " ORDER BY d.object_id DESC, d.source LIMIT %s",
                [query, *values, most],
            )
            return {(source, thing) for source, thing in cursor.fetchall()}


def _within(scope: Scope) -> tuple[str, list[str | int]]:
    audiences = ", ".join(["%s"] * len(scope.audiences))
    sources = ", ".join(["%s"] * len(scope.sources))
    condition = f"d.brand_id = %s AND d.audience IN ({audiences}) AND d.source IN ({sources})"
    return condition, [scope.brand_id, *scope.audiences, *scope.sources]
