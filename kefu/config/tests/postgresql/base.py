"""Django's PostgreSQL backend; after a test with real transactions its tables are emptied row by row.

TRUNCATE makes new files for every table, which takes seconds where a test has left a dozen rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, _style: Any, tables: Sequence[str], **_: bool) -> list[str]:
        """Foreign keys are looked at when the transaction ends, so the order does not matter."""
        return [f"DELETE FROM {self.quote_name(table)};" for table in tables]  # noqa: S608 - our own tables, quoted


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
