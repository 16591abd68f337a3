"""Many statements on one way to PostgreSQL and back, each prepared once a connection.

psycopg's own pipeline takes a cursor and some hundred calls for a statement; for what is asked for every message its lower
half serves us: the generators, and the types' adapters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.errors import Error, FeatureNotSupported, InvalidSqlStatementName, error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.types.datetime import TimestamptzLoader

from kefu.journal.moments import moment

Rows = list[tuple[Any, ...]]
Key = tuple[str, tuple[int, ...] | None]
Commands = list[Callable[[], None]]
PLACE = re.compile("%[s%]")
FAILED = {ExecStatus.FATAL_ERROR, ExecStatus.NONFATAL_ERROR, ExecStatus.BAD_RESPONSE}
# A table has another shape than when something was prepared for it, or somebody has dropped what was prepared.
OUT_OF_DATE = (FeatureNotSupported, InvalidSqlStatementName)


class Asked:
    """A statement that waits to be sent, and then its rows."""

    __slots__ = ("found", "parameters", "query")

    def __init__(self, query: str, parameters: Sequence[Any]) -> None:
        self.query = query
        self.parameters = parameters
        self.found: Rows | None = None


class Moments(TimestamptzLoader):
    """psycopg's own is written in C, but Django puts one in Python in its place, for the zone."""

    def load(self, data: Buffer) -> datetime:
        try:
            return moment(bytes(data))
        except ValueError:
            # Says what is wrong with it.
            return super().load(data)


class Adapting:
    """As the connection reads and writes values, but for moments."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.adapters = AdaptersMap(connection.adapters)
        self.adapters.register_loader("timestamptz", Moments)


class Known:
    """What one connection has prepared, by text and the types of its parameters, and how it reads and writes values.

    A name is known only after an exchange that went well, and none is given twice.
    """

    def __init__(self, connection: Any) -> None:
        self.adapting = Transformer(Adapting(connection))
        self.names: dict[Key, bytes] = {}
        self.is_out_of_date = False
        self._last = 0

    def new_name(self) -> bytes:
        self._last += 1
        return f"kefu_{self._last}".encode()

    def forget(self) -> None:
        self.names.clear()
        self.is_out_of_date = True


class Line:
    """Statements for one connection, in their order, until they are sent together."""

    def __init__(self, database: BaseDatabaseWrapper) -> None:
        self._database = database
        self._waiting: list[Asked] = []
        self._asked_in: object = None
        self._ends = False

    def ask(self, query: str, parameters: Sequence[Any]) -> Callable[[], Rows]:
        asked = Asked(query, parameters)
        if not self._waiting:
            self._asked_in = self._transaction()
        self._waiting.append(asked)
        return partial(self._rows, asked)

    def end(self) -> None:
        """Commit with what waits, where this is the whole transaction and not a part of it."""
        self._ends = not self._database.savepoint_ids

    def send(self) -> None:
        """All that waits. Raises the first error (a database error of Django's); what was sent with it did nothing then.

        Raises RuntimeError where another transaction or savepoint has begun or ended since the first was asked.
        """
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        if self._transaction() != self._asked_in:
            raise RuntimeError("What goes together begins and ends within one transaction.")
        database = self._database
        if not database.in_atomic_block:
            database.close_if_health_check_failed()
            database.ensure_connection()
        with database.wrap_database_errors:
            _exchange(database.connection, waiting, ends=self._ends)

    def drop(self) -> None:
        """Whoever asked has failed: what waits is never sent."""
        self._waiting = []

    def _rows(self, asked: Asked) -> Rows:
        if asked in self._waiting:
            self.send()
        found, asked.found = asked.found, None
        if found is None:
            raise RuntimeError("The rows of a statement are fetched once, and not after it failed.")
        return found

    def _transaction(self) -> object:
        database = self._database
        return database.in_atomic_block, [one for one in database.savepoint_ids if one]


def _exchange(connection: Any, waiting: Sequence[Asked], *, ends: bool) -> None:
    """Fill in what was found, and commit if it `ends`. Raises what psycopg says of the first that failed."""
    known: Known | None = vars(connection).get("_kefu_known")
    if known is None:
        known = connection._kefu_known = Known(connection)
    pgconn = connection.pgconn
    commands: Commands = []
    if pgconn.transaction_status == TransactionStatus.IDLE and not connection.autocommit:
        commands.append(partial(pgconn.send_query_params, b"BEGIN", None))
    if known.is_out_of_date:
        commands.append(partial(pgconn.send_query_params, b"DEALLOCATE ALL", None))
    new: dict[Key, bytes] = {}
    # Which of the answers is whose.
    placed = [(asked, _queue(asked, known, new, pgconn, commands)) for asked in waiting]
    if ends:
        # Django commits once more then, which finds nothing to do.
        commands.append(partial(pgconn.send_query_params, b"COMMIT", None))
    commands.append(pgconn.pipeline_sync)
    try:
        answers = _answered(connection, pgconn, commands)
    except OUT_OF_DATE:
        known.forget()
        raise
    known.names |= new
    known.is_out_of_date = False
    adapting = known.adapting
    for asked, place in placed:
        (result,) = answers[place]
        adapting.set_pgresult(result)
        asked.found = adapting.load_rows(0, result.ntuples, tuple)
    adapting.set_pgresult(None)


def _queue(asked: Asked, known: Known, new: dict[Key, bytes], pgconn: Any, commands: Commands) -> int:
    adapting = known.adapting
    values = adapting.dump_sequence(asked.parameters, [PyFormat.AUTO] * len(asked.parameters))
    types, formats = adapting.types, adapting.formats
    key = (asked.query, types)
    name = known.names.get(key) or new.get(key)
    if name is None:
        name = new[key] = known.new_name()
        commands.append(partial(pgconn.send_prepare, name, _numbered(asked.query), types))
    commands.append(partial(pgconn.send_query_prepared, name, values, formats))
    return len(commands) - 1


def _answered(connection: Any, pgconn: Any, commands: Commands) -> list[list[Any]]:
    """The results of each command, in order. Raises the first error among them."""
    pgconn.enter_pipeline_mode()
    try:
        answers: list[list[Any]] = connection.wait(_exchanged(pgconn, commands))
    except BaseException:
        # What is still on its way would be taken for the answer to something else.
        pgconn.finish()
        raise
    problem = _first_error(connection, answers)
    try:
        pgconn.exit_pipeline_mode()
    except Error:
        pgconn.finish()
        if problem is None:
            raise
    if problem is not None:
        raise problem
    return answers


def _exchanged(pgconn: Any, commands: Commands) -> Generator[Any, Any, list[list[Any]]]:
    """All of them leave in one piece: psycopg's own way wakes the server for each."""
    for command in commands:
        command()
    yield from send(pgconn)
    found = []
    for _ in commands:
        found.append((yield from fetch_many(pgconn)))  # noqa: PERF401 - no comprehension may yield
    return found


def _first_error(connection: Any, answers: Sequence[Sequence[Any]]) -> Exception | None:
    failed = (result for results in answers for result in results if result.status in FAILED)
    result = next(failed, None)
    return None if result is None else error_from_result(result, connection.info.encoding)


@lru_cache(maxsize=512)
def _numbered(query: str) -> bytes:
    """PostgreSQL counts its places."""
    number = 0

    def numbered(place: re.Match[str]) -> str:
        nonlocal number
        if place.group() == "%%":
            return "%"
        number += 1
        return f"${number}"

    return PLACE.sub(numbered, query).encode()
