"""SQLite's index: an ordinary FTS5 table, because SQLite 3.40 can't delete from a contentless one.

Its `ascii` tokenizer takes every character above 127 as part of a token, so that a pair of any script and every mark stay in
one token; `unicode61` knows Unicode 6.1 only and would split what came later. Where in a document a term stands is not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from kefu.search.words.contract import WordIndex


class Fts5(WordIndex):
    def write(self, thing_id: int, mark: str, terms: Sequence[str]) -> None:
        self.remove([thing_id])
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO search_words (rowid, terms) VALUES (%s, %s)",
                [thing_id, " ".join([mark, *terms])],
            )

    def remove(self, thing_ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM search_words WHERE rowid = %s", [(one,) for one in thing_ids])

    def any_of(self, texts: Iterable[str], marks: Iterable[str], *, is_prefix: bool = False) -> str:
        whose = " OR ".join(f'"{mark}"' for mark in marks)
        words = " OR ".join(f'"{text}"{"*" if is_prefix else ""}' for text in texts)
        return f"({words}) AND ({whose})" if words else whose

    def statement(self, queries: Sequence[str]) -> tuple[str, list[Any]]:
        # The number stands before each answer, for a union promises no order.
        wanted = ["count(*)", *["group_concat(rowid)"] * (len(queries) - 1)]
        selects = (
            f"SELECT {number}, {what} FROM search_words WHERE search_words MATCH %s"  # noqa: S608
            for number, what in enumerate(wanted, 1)
        )
        return " UNION ALL ".join(selects), [*queries]
