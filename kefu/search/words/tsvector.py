"""PostgreSQL's index: a tsvector column of the same tokens with a GIN index; no parser, no extension.

Titles have weight A, synonyms B, headings C and body D. The column is unknown to Django, so it comes and goes with its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from kefu.search.words.contract import FIELDS, Term, WordIndex

WEIGHTS = dict(zip(FIELDS, "ABCD", strict=True))


class Tsvector(WordIndex):
    match = "search_document d WHERE d.words @@ %s::tsquery"

    def write(self, document_id: int, fields: dict[str, Sequence[str]]) -> None:
        lexemes = {f"'{token}':1{WEIGHTS[name]}" for name in FIELDS for token in fields[name]}
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE search_document SET words = %s::tsvector WHERE id = %s",
                [" ".join(sorted(lexemes)), document_id],
            )

    def remove(self, document_ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE search_document SET words = NULL WHERE id = ANY(%s)", [list(document_ids)])

    def any_of(self, terms: Iterable[Term], *, in_titles: bool = False) -> str:
        marks = "AB" if in_titles else ""
        return " | ".join(
            f"'{term.text}':{'*' if term.is_prefix else ''}{marks}".removesuffix(":") for term in terms
        )
