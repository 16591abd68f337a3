"""Many rows with one statement, prepared once a model: what the ORM does, at a fraction of its price.

For rows that are read and written by the thousand a second. Everything else is better served by a queryset. There are
few texts of statements whatever the number of rows, so that drivers and databases prepare them once, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from enum import Enum
from functools import cache, partial
from itertools import chain
from typing import Any, TypeVar

import msgspec
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState

from kefu.journal import prepared
from kefu.journal.columns import Column, Columns, Prepare, columns_of, names_of, quoted

Row = TypeVar("Row", bound=models.Model)
# What SQLite is given at a time: so many rows, or as many times so many as there are, and then the rest.
STEP, LARGEST = 8, 64
# As SQLite has them, which knows numbers only.
TRUTHS = {0: False, 1: True, None: None}


class Lock(Enum):
    """What a row is read for."""

    NONE = ""
    HELD = " FOR NO KEY UPDATE"
    IF_FREE = " FOR NO KEY UPDATE SKIP LOCKED"


def new(model: type[Row], **values: Any) -> Row:
    """A row to be inserted, by the names of its attributes: what ``model(**values)`` gives, without its signals.

    What it belongs to is named by id, as in ``conversation_id``. Raises TypeError for a name that the model has not.
    """
    one, (usual, made) = model.__new__(model), _defaults(model)
    row = one.__dict__
    row |= usual
    row |= values
    if len(row) > len(usual):
        raise TypeError(f"{model.__name__} has not all of these attributes: {', '.join(values)}.")
    for name, make in made:
        if name not in values:
            row[name] = make()
    one._state = ModelState()
    return one


def relate(row: models.Model, name: str, other: models.Model | None) -> None:
    """Put in place what a row belongs to, which it names by id already."""
    row._state.fields_cache[name] = other


def related(row: models.Model, name: str) -> Any:
    """What was put in place, or else what Django finds: its own way there costs more, even when there is nothing to find."""
    beside = row._state.fields_cache
    return beside[name] if name in beside else getattr(row, name)


def insert(rows: Sequence[models.Model]) -> None:
    """Store new rows of one model, in their order, and give them their ids, but for all those that were drawn by
    `ids_soon()`. No signal is sent and no save() is called.

    Must be called within a transaction. Raises what the database says (IntegrityError, DataError), and what fields say
    of their values.
    """
    insert_soon(rows)()


def insert_soon(rows: Sequence[models.Model]) -> Callable[[], None]:
    """The same; calling the answer gives them their ids. See `prepared.together`."""
    if not rows:
        return _nothing_more
    model, vendor = type(rows[0]), prepared.vendor()
    names = names_of(model)
    if vendor == "sqlite":
        _give(rows, _insert_in_sqlite(model, columns_of(model, vendor, names), rows))
    elif rows[0].pk is None:
        columns = columns_of(model, vendor, names)
        query = f"{_insert_text(model, columns)} RETURNING {_key(model)}"
        given = prepared.ask(query, [_as_json(columns, rows)])
        _stored(rows)
        return lambda: _give(rows, [pk for (pk,) in given()])
    else:
        columns = columns_of(model, vendor, ("pk", *names))
        prepared.do(_insert_text(model, columns), [_as_json(columns, rows)])
    _stored(rows)
    return _nothing_more


def _stored(rows: Sequence[models.Model]) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _nothing_more() -> None:
    pass


def _give(rows: Sequence[models.Model], ids: Sequence[int]) -> None:
    if rows:
        attribute = rows[0]._meta.pk.attname
        for row, pk in zip(rows, ids, strict=True):
            setattr(row, attribute, pk)


def ids_soon(model: type[models.Model], number: int) -> Callable[[], list[int]]:
    """Ids for new rows, drawn before these are stored, so that nobody must wait for them; none on SQLite, which has no way
    to wait for. What is not used is no id of any row.
    """
    if _is_sqlite():
        return list
    drawn = prepared.ask(
        "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
        [model._meta.db_table, model._meta.pk.column, number],
    )
    return lambda: [pk for (pk,) in drawn()]


def update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields of rows that are there; each row at most once. Rows that are gone are passed over."""
    if not rows:
        return
    model = type(rows[0])
    columns = columns_of(model, prepared.vendor(), ("pk", *names))
    if _is_sqlite():
        _update_in_sqlite(model, columns, rows)
        return
    # The ids are named beside, so that each is looked up: what is not analysed yet would be read whole for a join.
    prepared.do(_update_text(model, columns), [_as_json(columns, rows), [row.pk for row in rows]])


def fetch(
    model: type[Row],
    name: str,
    values: Collection[Any],
    *,
    lock: Lock = Lock.NONE,
    only: tuple[str, ...] = (),
) -> list[Row]:
    """The rows whose field has one of these values, in the order of their ids; nothing related is loaded.

    A lock is held to commit, where the database has such locks; IF_FREE leaves out what others hold. With `only`, fields
    that are not named stay in the database until somebody asks for them.
    """
    return fetch_soon(model, name, values, lock=lock, only=only)()


def fetch_soon(
    model: type[Row],
    name: str,
    values: Collection[Any],
    *,
    lock: Lock = Lock.NONE,
    only: tuple[str, ...] = (),
) -> Callable[[], list[Row]]:
    """Ask for what `fetch` gives; calling the answer gives it. See `prepared.together`."""
    if not values:
        return list
    query, names, converters = _reading(model, prepared.vendor(), name, lock, only)
    found = prepared.ask(query, [json.dumps(list(values)) if _is_sqlite() else list(values)])
    return lambda: _instances(model, names, converters, found())


def select(model: type[Row], rest: str, parameters: Sequence[Any]) -> list[Row]:
    """The rows of a statement that begins ``SELECT all columns FROM table`` and goes on with `rest`, which our code wrote."""
    columns, names, converters = _whole(model, prepared.vendor())
    found = prepared.ask(f"SELECT {columns} FROM {quoted(model._meta.db_table)} {rest}", parameters)  # noqa: S608 - ours
    return _instances(model, names, converters, found())


def made_of(model: type[Row], found: Sequence[Sequence[Any]]) -> list[Row]:
    """Instances of rows that begin with all the columns of their table, in its order."""
    _, names, converters = _whole(model, prepared.vendor())
    return _instances(model, names, converters, found)


def _instances(
    model: type[Row],
    names: Sequence[str],
    converters: Sequence[tuple[int, Prepare]],
    found: Sequence[Sequence[Any]],
) -> list[Row]:
    """As from_db() makes them, without its signals and its detours for what was deferred."""
    made = []
    for values in found:
        row = list(values)
        for place, convert in converters:
            row[place] = convert(row[place])
        one = model.__new__(model)
        one.__dict__.update(zip(names, row, strict=False))
        one._state = ModelState()
        one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS
        made.append(one)
    return made


@cache
def _reading(
    model: type[models.Model],
    _vendor: str,
    name: str,
    lock: Lock,
    only: tuple[str, ...],
) -> tuple[str, list[str], list[tuple[int, Prepare]]]:
    """The statement, the attributes that its columns fill, and what is still to be made of some of them."""
    key: Any = model._meta.get_field(name)
    columns, names, converters = _whole(model, _vendor, only)
    if _is_sqlite():
        among, locking = "IN (SELECT value FROM json_each(%s))", ""
    else:
        among, locking = f"= ANY(%s::{key.db_type(connection)}[])", lock.value
    where = f"{quoted(key.column)} {among} ORDER BY {_key(model)}"
    query = f"SELECT {columns} FROM {quoted(model._meta.db_table)} WHERE {where}{locking}"  # noqa: S608 - names
    return query, names, converters


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """What stands in a row of which nothing is said, and what is made anew for each."""
    fields = model._meta.concrete_fields
    made = [(one.attname, one.default) for one in fields if one.has_default() and callable(one.default)]
    names = {name for name, _ in made}
    return {one.attname: None if one.attname in names else one.get_default() for one in fields}, made


@cache
def _whole(
    model: type[models.Model], _vendor: str, only: tuple[str, ...] = ()
) -> tuple[str, list[str], list[tuple[int, Prepare]]]:
    """All columns or the id and some, the attributes that they fill, and what is still to be made of some of them."""
    fields = [
        field for field in model._meta.concrete_fields if not only or field.primary_key or field.name in only
    ]
    columns = ", ".join(quoted(field.column) for field in fields)
    converters = [
        (place, made) for place, field in enumerate(fields) if (made := _conversion(field)) is not None
    ]
    return columns, [field.attname for field in fields], converters


def _conversion(field: Any) -> Prepare | None:
    """What Django makes of a value that comes from the database."""
    if _is_sqlite() and type(field) is models.DateTimeField:
        # Its connection gives moments with their zone.
        return None
    column = field.get_col(field.model._meta.db_table)
    steps = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    if not steps:
        return None
    if _is_sqlite() and type(field) is models.BooleanField:
        return TRUTHS.__getitem__
    if type(field) is models.JSONField and field.decoder is None:
        return partial(_of_json, partial(field.from_db_value, expression=column, connection=connection))
    first, *others = steps

    def convert(value: Any) -> Any:
        value = first(value, column, connection)
        for step in others:
            value = step(value, column, connection)
        return value

    return convert


def _of_json(by_django: Prepare, value: str | None) -> Any:
    """As Django reads it, which takes ten times as long; what only Python's own reader takes for JSON is left to it."""
    if value is None:
        return None
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        return by_django(value)


def _insert_in_sqlite(
    model: type[models.Model], columns: Columns, rows: Sequence[models.Model]
) -> Sequence[int]:
    """Several rows a statement. Their ids follow one another: nobody else writes meanwhile, and none is passed over."""
    ids: list[int] = []
    for some in _in_stretches(columns.values(rows)):
        query = _insert_text_in_sqlite(model, columns, len(some))
        last = prepared.insert_in_sqlite(query, list(chain.from_iterable(some)))
        ids += range(last - len(some) + 1, last + 1)
    return ids


@cache
def _insert_text_in_sqlite(model: type[models.Model], columns: Columns, rows: int) -> str:
    places = _places(len(columns.all), rows)
    return f"INSERT INTO {quoted(model._meta.db_table)} ({columns.names}) VALUES {places}"  # noqa: S608 - names


def _update_in_sqlite(model: type[models.Model], columns: Columns, rows: Sequence[models.Model]) -> None:
    for some in _in_stretches(columns.values(rows)):
        prepared.do(_update_text_in_sqlite(model, columns, len(some)), list(chain.from_iterable(some)))


@cache
def _update_text_in_sqlite(model: type[models.Model], columns: Columns, rows: int) -> str:
    table, (key, *others) = quoted(model._meta.db_table), columns.all
    settings = ", ".join(f"{column.name} = new.column{place}" for place, column in enumerate(others, 2))
    return (
        f"UPDATE {table} SET {settings} FROM (VALUES {_places(len(columns.all), rows)}) AS new"  # noqa: S608 - names
        f" WHERE {table}.{key.name} = new.column1"
    )


def _in_stretches(values: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    """Two for most numbers of rows, and fifteen texts of statements for all numbers."""
    at = 0
    while (left := len(values) - at) > 0:
        size = left if left < STEP else min(left - left % STEP, LARGEST)
        yield values[at : at + size]
        at += size


def _places(columns: int, rows: int) -> str:
    return ", ".join([f"({', '.join(['%s'] * columns)})"] * rows)


@cache
def _insert_text(model: type[models.Model], columns: Columns) -> str:
    """Ids are drawn in the order of the rows."""
    values = ", ".join(_taken(place, column) for place, column in enumerate(columns.all))
    return (
        f"INSERT INTO {quoted(model._meta.db_table)} ({columns.names}) SELECT {values}"  # noqa: S608 - names
        " FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS new(value, place) ORDER BY place"
    )


@cache
def _update_text(model: type[models.Model], columns: Columns) -> str:
    key, *others = columns.all
    settings = ", ".join(f"{column.name} = {_taken(place, column)}" for place, column in enumerate(others, 1))
    return (
        f"UPDATE {quoted(model._meta.db_table)} AS old SET {settings}"  # noqa: S608 - names
        " FROM jsonb_array_elements(%s::jsonb) AS new(value)"
        f" WHERE old.{key.name} = {_taken(0, key)} AND old.{key.name} = ANY(%s{key.cast or '::text'}[])"
    )


def _taken(place: int, column: Column) -> str:
    """A column's value out of a row that came as a JSON list."""
    return f"(new.value ->> {place}){column.cast}"


def _as_json(columns: Columns, rows: Sequence[models.Model]) -> str:
    """One parameter whatever the number of rows and the size of their numbers, so that a single plan serves for all."""
    return json.dumps(columns.values(rows))


def _is_sqlite() -> bool:
    return prepared.vendor() == "sqlite"


def _key(model: type[models.Model]) -> str:
    return quoted(model._meta.pk.column)
