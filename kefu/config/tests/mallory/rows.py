"""All that is kept: every row of every table, and every file, to compare before and after."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import connection

# Written whoever asks, and nobody's: how often somebody asked, and when a session was last seen.
OF_NOBODY = {"safety_counter", "sqlite_sequence", "django_migrations"}
Kept = dict[str, frozenset[str]]


def everything_kept() -> Kept:
    """By table, its rows; files by their name and size."""
    kept = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in OF_NOBODY:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables
                kept[table] = frozenset(map(repr, cursor.fetchall()))
    folder = Path(settings.DATA_DIR) / "files"
    kept["files"] = frozenset(
        f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in folder.rglob("*")
        if path.is_file()
    )
    return kept


def changed(before: Kept, after: Kept) -> list[str]:
    """Where something is otherwise."""
    return sorted(table for table in before.keys() | after.keys() if before.get(table) != after.get(table))


def lost(before: Kept, after: Kept) -> list[str]:
    """Where something that was there is gone or otherwise; what was only added does not count."""
    return sorted(table for table, rows in before.items() if rows - after.get(table, frozenset()))
