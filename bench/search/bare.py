"""The reference for speed: the database's own index of the same tokens, asked for the best twenty by its own ranking."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
from django.db import connection

from bench import machine
from kefu.search.registry import Searchable
from kefu.search.tokens import tokens

MOST_PLACES = 16_000
ASK_SQLITE = "SELECT rowid FROM bench_bare WHERE bench_bare MATCH ? ORDER BY rank LIMIT 20"
ASK_POSTGRESQL = (
    "SELECT id FROM bench_bare WHERE words @@ %(q)s::tsquery"
    " ORDER BY ts_rank(words, %(q)s::tsquery) DESC LIMIT 20"
)


class Bare:
    """One table of words, filled through the product's own tokens, asked through the driver alone."""

    def __init__(self, things: Iterable[Searchable]) -> None:
        self.is_postgres = connection.vendor == "postgresql"
        connection.ensure_connection()
        rows = [(number, _words(one)) for number, one in enumerate(things, 1)]
        self._fill_postgresql(rows) if self.is_postgres else self._fill_sqlite(rows)
        self.driver: Any = _by_the_index() if self.is_postgres else connection.connection

    def find(self, query: str) -> list[int]:
        words = list(dict.fromkeys(tokens(query)))
        if not words:
            return []
        if self.is_postgres:
            asked = " | ".join(f"'{word}'" for word in words)
            return [row[0] for row in self.driver.execute(ASK_POSTGRESQL, {"q": asked}).fetchall()]
        asked = " OR ".join(f'"{word}"' for word in words)
        return [row[0] for row in self.driver.execute(ASK_SQLITE, [asked]).fetchall()]

    def backend_seconds(self) -> float:
        """The CPU time of both connections' own processes at the database, where there are any."""
        if not self.is_postgres:
            return 0.0
        ours: Any = connection.connection
        return machine.cpu_seconds([one.info.backend_pid for one in (ours, self.driver)])

    def _fill_sqlite(self, rows: list[tuple[int, list[str]]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE VIRTUAL TABLE bench_bare USING fts5(words, tokenize='ascii')")
            cursor.executemany(
                "INSERT INTO bench_bare (rowid, words) VALUES (%s, %s)",
                [(number, " ".join(words)) for number, words in rows],
            )

    def _fill_postgresql(self, rows: list[tuple[int, list[str]]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_bare (id integer PRIMARY KEY, words tsvector)")
            cursor.executemany(
                "INSERT INTO bench_bare VALUES (%s, %s::tsvector)",
                [
                    (
                        number,
                        " ".join(f"'{word}':{place}" for place, word in enumerate(words[:MOST_PLACES], 1)),
                    )
                    for number, words in rows
                ],
            )
            cursor.execute("CREATE INDEX bench_bare_words ON bench_bare USING gin (words)")
            cursor.execute("ANALYZE bench_bare")


def _by_the_index() -> Any:
    """A connection of its own, on which the index is read although the table is small: what is compared with is the index."""
    ours: Any = connection.connection
    driver = psycopg.connect(ours.info.dsn, password=ours.info.password, autocommit=True)
    driver.execute("SET enable_seqscan = off")
    return driver


def _words(one: Searchable) -> list[str]:
    return [token for text in (one.title, *one.synonyms, *one.headings, one.body) for token in tokens(text)]
