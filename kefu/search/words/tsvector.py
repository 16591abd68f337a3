"""PostgreSQL's index: a tsvector column of the same terms with a GIN index; no parser, no extension, no positions.

The column is unknown to Django, so it comes and goes with its row. `search_standing` is made by a migration, which says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from kefu.search.words.contract import WordIndex


class Tsvector(WordIndex):
    def write(self, thing_id: int, mark: str, terms: Sequence[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE search_thing SET words = %s::tsvector WHERE id = %s",
                [" ".join(f"'{term}'" for term in [mark, *terms]), thing_id],
            )

    def remove(self, thing_ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE search_thing SET words = NULL WHERE id = ANY(%s)", [list(thing_ids)])

    def any_of(self, texts: Iterable[str], marks: Iterable[str], *, is_prefix: bool = False) -> str:
        whose = " | ".join(f"'{mark}'" for mark in marks)
        words = " | ".join(f"'{text}'{':*' if is_prefix else ''}" for text in texts)
        return f"({words}) & ({whose})" if words else whose

    def statement(self, queries: Sequence[str]) -> tuple[str, list[Any]]:
        return "SELECT * FROM search_standing(%s::tsquery[])", [[*queries]]
