"""Where a word is still to be found after somebody was erased: tables, files, and what only a key opens."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from kefu.safety.rotation import encrypted_models


def places_of(mark: str) -> list[str]:
    """Where it still stands: rows of any table as the database has them, what is encrypted in them, and bytes of any file in
    the data folder.
    """
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables
            if any(mark in str(value) for row in cursor.fetchall() for value in row):
                found.append(table)
    found += [
        f"{model._meta.db_table}.{name}"
        for model, names in encrypted_models()
        for name in names
        if any(mark in (value or "") for value in model._base_manager.values_list(name, flat=True))
    ]
    return found + [path.name for path in _files() if mark.encode() in path.read_bytes()]


def _files() -> Iterator[Path]:
    yield from (path for path in Path(settings.DATA_DIR).rglob("*") if path.is_file())


@contextmanager
def somebody_reads() -> Iterator[None]:
    """Another connection, in the middle of a transaction that has read."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM conversations_message").fetchone()
        yield
