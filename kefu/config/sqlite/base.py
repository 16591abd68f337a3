"""Django's SQLite backend, where a connection waits in this process's line before it writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from kefu.config.sqlite.line import Line, LineTooLong, Turn, first_in_line, is_first_in_line, line_of
from kefu.journal.moments import moment

# The first words of statements that take SQLite's write lock; BEGIN stands for the whole transaction.
WRITING = ("BEGIN", "INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP")
# As sqlite3.connect() has it when nobody says otherwise.
USUAL_TIMEOUT = 5.0
# In KiB; 2 MiB is what everybody else has. What many people say lies on as many pages, and the next of them needs the same.
CACHE_OF_FIRST = 16_384

# In place of Django's own, which reads each anew and leaves the zone to whoever wanted it.
sqlite3.register_converter("datetime", moment)


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that asks its connection for a turn before a statement that writes."""

    def __init__(self, wrapper: DatabaseWrapper, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.wrapper = wrapper

    def execute(self, query: str, params: Any = None) -> Any:
        if not is_writing(query):
            return super().execute(query, params)
        with self.wrapper.turn_to_write():
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        if not is_writing(query):
            return super().executemany(query, param_list)
        with self.wrapper.turn_to_write():
            return super().executemany(query, param_list)


def is_writing(query: str) -> bool:
    return query.lstrip()[:8].upper().startswith(WRITING)


class DatabaseWrapper(base.DatabaseWrapper):
    """Writes in the order asked: busy_timeout alone let one thread wait a second beside busy others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = Line()
        self.turn: Turn | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        self._give_back()
        self.line = _line(str(conn_params["database"]))
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        if is_first_in_line():
            connection.execute(f"PRAGMA cache_size = -{CACHE_OF_FIRST}")
        return connection

    def create_cursor(self, name: Any = None) -> Any:  # noqa: ARG002 - Django names it
        return self.connection.cursor(factory=partial(Cursor, self))

    def first_in_line(self) -> AbstractContextManager[None]:
        """Let this thread pass all others of the process that wait to write."""
        return first_in_line()

    @contextmanager
    def turn_to_write(self) -> Iterator[None]:
        """A turn for one statement; when that leaves a transaction open, until commit or rollback."""
        if self.turn is None:
            seconds = float(self.settings_dict["OPTIONS"].get("timeout", USUAL_TIMEOUT))
            try:
                self.turn = self.line.take(self, seconds=seconds)
            except LineTooLong:
                raise sqlite3.OperationalError("database is locked") from None
        try:
            yield
        finally:
            self._give_back_when_done()

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc] # The stubs leave it out.
        finally:
            self._give_back_when_done()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc] # The stubs leave it out.
        finally:
            self._give_back_when_done()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc] # The stubs leave it out.
        finally:
            self._give_back()

    def _give_back_when_done(self) -> None:
        # A refused commit leaves the transaction open; the rollback that follows gives the turn back.
        if self.connection is None or not self.connection.in_transaction:
            self._give_back()

    def _give_back(self) -> None:
        if self.turn is not None:
            turn, self.turn = self.turn, None
            self.line.give_back(turn)


def _line(database: str) -> Line:
    # Each connection to ":memory:" is a database of its own.
    if database == ":memory:":
        return Line()
    return line_of(database if database.startswith("file:") else str(Path(database).absolute()))
