"""SQLite's index: an ordinary FTS5 table, because SQLite 3.40 can't delete from a contentless one.

Its `ascii` tokenizer takes every character above 127 as part of a token, so that a pair of any script stays one token;
`unicode61` knows Unicode 6.1 only and would split what came later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from kefu.search.words.contract import FIELDS, Term, WordIndex


class Fts5(WordIndex):
    # CROSS tells SQLite to begin with the words, not with the documents.
    match = (
        "search_words CROSS JOIN search_document d WHERE d.id = search_words.rowid AND search_words MATCH %s"
    )

    def write(self, document_id: int, fields: dict[str, Sequence[str]]) -> None:
        self.remove([document_id])
        values = [" ".join(fields[name]) for name in FIELDS]
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO search_words (rowid, title, synonyms, headings, body) VALUES (%s, %s, %s, %s, %s)",
                [document_id, *values],
            )

    def remove(self, document_ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM search_words WHERE rowid = %s", [(one,) for one in document_ids])

    def any_of(self, terms: Iterable[Term], *, in_titles: bool = False) -> str:
        words = " OR ".join(f'"{term.text}"{"*" if term.is_prefix else ""}' for term in terms)
        return f"{{title synonyms}} : ({words})" if in_titles else words
