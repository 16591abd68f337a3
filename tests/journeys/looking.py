"""Where a word that somebody typed could be found afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from playwright.sync_api import Page
from psycopg import sql

from tests.product import Product

KEPT = "JSON.stringify(Object.entries(localStorage).concat(Object.entries(sessionStorage)))"
TABLES = """SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"""


def places_of(word: str, *, product: Product, page: Page) -> list[str]:
    """What holds it: the browser, the log, or a file of the data folder; on SQLite the database is one."""
    places = ["the browser"] if word in str(page.evaluate(KEPT)) else []
    places += ["the log"] if word in "".join(product.log) else []
    return [*places, *files_with(word, product.data)]


def files_with(word: str, folder: Path) -> list[str]:
    # The word list of the guard itself is served from here.
    files = (
        path
        for path in folder.rglob("*")
        if path.is_file() and "static" not in path.relative_to(folder).parts
    )
    return [str(path) for path in files if word.encode() in _bytes_of(path)]


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        # The product goes on meanwhile, and has just deleted it.
        return b""


def tables_with(word: str, url: str) -> list[str]:
    """The tables of a PostgreSQL database that hold it, in any column and in bytes too."""
    with psycopg.connect(url) as database:
        # Bytes are written as the letters that they are.
        database.execute("SET bytea_output = 'escape'")
        tables = database.execute(TABLES).fetchall()
        return [name for schema, name in tables if word.encode() in b"".join(_rows(database, schema, name))]


def _rows(database: psycopg.Connection[Any], schema: str, table: str) -> Iterator[bytes]:
    words = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(schema, table))
    with database.cursor().copy(words) as copied:
        yield from map(bytes, copied)
