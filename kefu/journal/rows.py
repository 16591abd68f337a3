"""Many rows with one statement, prepared once a model: what the ORM does, at a fraction of its price.

For rows that are read and written by the thousand a second. Everything else is better served by a queryset. The text of a
statement never depends on the number of rows, so that drivers and databases prepare it once, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.db import connection, models

Prepare = Callable[[Any], Any]
Row = TypeVar("Row", bound=models.Model)
# What a driver takes as the model has it: nothing to prepare.
AS_THEY_ARE = (models.IntegerField, models.BooleanField, models.ForeignKey)


@dataclass(frozen=True)
class Column:
    """One field as it is written: by its attribute, its name in the table, and its type in a PostgreSQL array."""

    attribute: str
    name: str
    prepare: Prepare | None
    array: str
    cast: str

    def values(self, rows: Sequence[models.Model]) -> list[Any]:
        attribute, prepare = self.attribute, self.prepare
        found = [getattr(row, attribute) for row in rows]
        return found if prepare is None else [prepare(value) for value in found]


def insert(rows: Sequence[models.Model]) -> None:
    """Store new rows of one model, in their order, and give them their ids. No signal is sent and no save() is called.

    Must be called within a transaction. Raises what the database says (IntegrityError, DataError), and what fields say
    of their values.
    """
    if not rows:
        return
    model = type(rows[0])
    columns = _columns(model, connection.vendor, None)
    ids = _insert_in_sqlite(model, columns, rows) if _is_sqlite() else _insert_at_once(model, columns, rows)
    for row, pk in zip(rows, ids, strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, connection.alias


def update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields of rows that are there; each row at most once. Rows that are gone are passed over."""
    if not rows:
        return
    model = type(rows[0])
    columns = _columns(model, connection.vendor, tuple(names))
    key = _columns(model, connection.vendor, ("pk",))[0]
    table = _quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        if _is_sqlite():
            settings = ", ".join(f"{column.name} = %s" for column in columns)
            values = zip(*(column.values(rows) for column in (*columns, key)), strict=True)
            cursor.executemany(f"UPDATE {table} SET {settings} WHERE {key.name} = %s", list(values))  # noqa: S608 - names
            return
        settings = ", ".join(f"{column.name} = new.{column.name}{column.cast}" for column in columns)
        arrays, named = _arrays((*columns, key)), ", ".join(column.name for column in (*columns, key))
        cursor.execute(
            f"UPDATE {table} AS old SET {settings} FROM unnest({arrays}) AS new({named})"  # noqa: S608 - names
            f" WHERE old.{key.name} = new.{key.name}",
            [column.values(rows) for column in (*columns, key)],
        )


def fetch(model: type[Row], name: str, values: Collection[Any], *, is_locked: bool = False) -> list[Row]:
    """The rows whose field has one of these values, in the order of their ids; nothing related is loaded.

    With `is_locked` each row's lock is held to commit, where the database has such locks.
    """
    if not values:
        return []
    query, names, converters = _reading(model, connection.vendor, name, is_locked)
    given = json.dumps(list(values)) if _is_sqlite() else list(values)
    with connection.cursor() as cursor:
        cursor.execute(query, [given])
        found = [list(row) for row in cursor.fetchall()]
    for place, convert in converters:
        for row in found:
            row[place] = convert(row[place])
    return [model.from_db(connection.alias, names, row) for row in found]


@lru_cache(maxsize=64)
def _reading(
    model: type[models.Model],
    _vendor: str,
    name: str,
    is_locked: bool,
) -> tuple[str, list[str], list[tuple[int, Prepare]]]:
    """The statement, the attributes that its columns fill, and what is still to be made of some of them."""
    fields, key = model._meta.concrete_fields, cast("models.Field[Any, Any]", model._meta.get_field(name))
    columns = ", ".join(_quoted(field.column) for field in fields)
    if _is_sqlite():
        among, lock = "IN (SELECT value FROM json_each(%s))", ""
    else:
        among, lock = f"= ANY(%s::{key.db_type(connection)}[])", " FOR NO KEY UPDATE" if is_locked else ""
    where = f"{_quoted(key.column)} {among} ORDER BY {_key(model)}"
    query = f"SELECT {columns} FROM {_quoted(model._meta.db_table)} WHERE {where}{lock}"  # noqa: S608 - names
    converters = [
        (place, made) for place, field in enumerate(fields) if (made := _conversion(field)) is not None
    ]
    return query, [field.attname for field in fields], converters


def _conversion(field: Any) -> Prepare | None:
    """What Django makes of a value that comes from the database."""
    column = field.get_col(field.model._meta.db_table)
    steps = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    if not steps:
        return None

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    return convert


def _insert_in_sqlite(
    model: type[models.Model], columns: Sequence[Column], rows: Sequence[models.Model]
) -> Sequence[int]:
    """Nobody else writes meanwhile, so the ids are known before; one short statement is prepared once for all rows."""
    table, names = _quoted(model._meta.db_table), ", ".join(column.name for column in columns)
    places = ", ".join(["%s"] * (len(columns) + 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        last = (cursor.fetchone() or (0,))[0]
        ids = range(last + 1, last + 1 + len(rows))
        values = zip(ids, *(column.values(rows) for column in columns), strict=True)
        cursor.executemany(
            f"INSERT INTO {table} ({_key(model)}, {names}) VALUES ({places})",  # noqa: S608 - names
            list(values),
        )
    return ids


def _insert_at_once(
    model: type[models.Model], columns: Sequence[Column], rows: Sequence[models.Model]
) -> Sequence[int]:
    """Ids are drawn in the order of the rows."""
    table, names = _quoted(model._meta.db_table), ", ".join(column.name for column in columns)
    values = ", ".join(f"{column.name}{column.cast}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM unnest({_arrays(columns)})"  # noqa: S608 - names
            f' WITH ORDINALITY AS new({names}, "row") ORDER BY "row" RETURNING {_key(model)}',
            [column.values(rows) for column in columns],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _quoted(name: str | None) -> str:
    return str(connection.ops.quote_name(str(name)))


def _key(model: type[models.Model]) -> str:
    return _quoted(model._meta.pk.column)


def _arrays(columns: Sequence[Column]) -> str:
    return ", ".join(f"%s::{column.array}[]" for column in columns)


@lru_cache(maxsize=64)
def _columns(model: type[models.Model], _vendor: str, names: tuple[str, ...] | None) -> tuple[Column, ...]:
    """Of these fields, or of all but the id; prepared for the database that is spoken to."""
    if names is None:
        return tuple(_column(field) for field in model._meta.concrete_fields if not field.primary_key)
    return tuple(_column(model._meta.pk if name == "pk" else model._meta.get_field(name)) for name in names)


def _column(field: Any) -> Column:
    kind = field.db_type(connection)
    # A cast to varchar(n) cuts what is too long; stored as text, the column itself refuses it.
    array = "text" if kind.startswith("varchar") or kind == "jsonb" else kind
    cast = "::jsonb" if kind == "jsonb" else ""
    return Column(field.attname, _quoted(field.column), _preparation(field, kind), array, cast)


def _preparation(field: Any, kind: str) -> Prepare | None:
    if isinstance(field, AS_THEY_ARE):
        return None
    if type(field) is models.CharField:
        # Members of closed sets are written as their values.
        return lambda value: value if value is None or type(value) is str else str.__str__(value)
    if isinstance(field, models.JSONField):
        return lambda value: None if value is None else json.dumps(value, cls=field.encoder)
    if isinstance(field, models.DateTimeField) and kind == "datetime":
        return lambda value: _moment_in_sqlite(field, value)
    return lambda value: field.get_db_prep_save(value, connection)


def _moment_in_sqlite(field: Any, value: Any) -> Any:
    """As Django writes it, without its detour for what is in UTC already."""
    if isinstance(value, datetime) and value.tzinfo is UTC:
        return str(value.replace(tzinfo=None))
    return field.get_db_prep_save(value, connection)
