"""Statements of few texts that are asked by the thousand: PostgreSQL reads and plans each once a connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    from kefu.journal.pipeline import Line

Rows = list[tuple[Any, ...]]


class _Here(threading.local):
    """What belongs to this thread."""

    # The line to which it adds, while it collects one.
    line: Line | None = None
    # Whether the transaction ends with what is done now.
    is_ending = False

    @cached_property
    def database(self) -> BaseDatabaseWrapper:
        """Django gives each thread one, and a long way there."""
        return connections[DEFAULT_DB_ALIAS]


_here = _Here()


@contextmanager
def together() -> Iterator[None]:
    """What is asked within goes to PostgreSQL on one way there and back, in this order: at the end, or when the first of its
    rows are fetched. Each statement still sees what was committed before it begins. If one fails none has done anything,
    and the error is raised then. What is asked in another way meanwhile goes before. All of it belongs into one transaction
    and savepoint, or outside of any.

    SQLite has no way to go. Statements that are written down go one by one, as they are read.
    """
    database = _here.database
    if database.vendor != "postgresql" or _here.line is not None:
        yield
        return
    line = _here.line = _line()(database)
    try:
        yield
        line.send()
    finally:
        _here.line = None
        line.drop()


@contextmanager
def ending() -> Iterator[None]:
    """Who is called within says the last of this transaction, which is nobody else's: see `together_at_last`."""
    _here.is_ending = True
    try:
        yield
    finally:
        _here.is_ending = False


@contextmanager
def together_at_last() -> Iterator[None]:
    """As `together`, for the last statements of whoever is called within `ending`: the commit goes with them. What fails
    later in Python undoes nothing of it; so this is for what may be said again and is then known.
    """
    with together():
        yield
        line = _here.line
        if line is not None and _here.is_ending:
            line.end()


def ask(query: str, parameters: Sequence[Any]) -> Callable[[], Rows]:
    """Send a statement; its rows are fetched by calling the answer, once. What differs between two calls belongs into the
    parameters.
    """
    database = _here.database
    if _is_watched(database):
        with database.cursor() as cursor:
            cursor.execute(query, parameters)
            seen = cursor.fetchall()
        return lambda: seen
    if database.vendor == "postgresql":
        line = _here.line
        if line is not None:
            return line.ask(query, parameters)
        line = _line()(database)
        asked = line.ask(query, parameters)
        line.send()
        return asked
    # SQLite would go on reading while others write.
    found = _done_in_sqlite(database, query, parameters)
    return lambda: found


def do(query: str, parameters: Sequence[Any]) -> None:
    """Send a statement that gives no rows."""
    database = _here.database
    if _is_watched(database):
        with database.cursor() as cursor:
            cursor.execute(query, parameters)
    elif database.vendor == "postgresql":
        ask(query, parameters)
    else:
        _done_in_sqlite(database, query, parameters)


def insert_in_sqlite(query: str, parameters: Sequence[Any]) -> int:
    """Send an INSERT; gives the id of its last row. To ask it for the ids would be a step for each row, and between two steps
    another thread may have the interpreter for a while.
    """
    database = _here.database
    if _is_watched(database) or not database.in_atomic_block:
        with database.cursor() as cursor:
            cursor.execute(query, parameters)
            return int(cursor.lastrowid)
    with database.wrap_database_errors:
        return int(database.connection.execute(_with_question_marks(query), parameters).lastrowid)


@cache
def vendor() -> str:
    """Which database this installation has; asked for each statement, and Django's way there is long."""
    return connections[DEFAULT_DB_ALIAS].vendor


@cache
def _line() -> type[Line]:
    # Only where PostgreSQL is spoken to is its driver read into memory.
    line: type[Line] = import_module("kefu.journal.pipeline").Line
    return line


def _is_watched(database: BaseDatabaseWrapper) -> bool:
    """Somebody reads what is asked, or stands between; then it goes Django's usual way, which is longer."""
    return database.queries_logged or bool(database.execute_wrappers) or database.needs_rollback


def _done_in_sqlite(database: BaseDatabaseWrapper, query: str, parameters: Sequence[Any]) -> Rows:
    """Its driver keeps what it has prepared by itself. Outside of a transaction a writer must first have its turn."""
    if not database.in_atomic_block:
        if not _is_read_only(query):
            with database.cursor() as cursor:
                cursor.execute(query, parameters)
                return list(cursor.fetchall())
        database.close_if_health_check_failed()
        database.ensure_connection()
    with database.wrap_database_errors:
        return database.connection.execute(_with_question_marks(query), parameters).fetchall()  # type: ignore[no-any-return]


@lru_cache(maxsize=512)
def _with_question_marks(query: str) -> str:
    return query.replace("%s", "?")


@lru_cache(maxsize=512)
def _is_read_only(query: str) -> bool:
    return query.lstrip().startswith("SELECT")
