"""How the fields of a model are written by `rows`: looked up once a model, whatever the number of rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from django.db import connection, models

# What is there; nothing is made of None.
Prepare = Callable[[Any], Any]
# What a driver takes as the model has it: nothing to prepare.
AS_THEY_ARE = (models.IntegerField, models.BooleanField, models.ForeignKey)


@dataclass(frozen=True)
class Column:
    """One field as it is written: by its attribute, its name in the table, and what makes its type of text."""

    attribute: str
    name: str
    prepare: Prepare | None
    cast: str


class Columns:
    """Several, and how they are read from a row: all at once, and what is still to be made of some of them."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.all = tuple(columns)
        self.names = ", ".join(column.name for column in columns)
        self._read = itemgetter(*(column.attribute for column in columns))
        self._preparing = [
            (place, str if column.prepare is _text else None, column.prepare)
            for place, column in enumerate(columns)
            if column.prepare is not None
        ]

    def values(self, rows: Sequence[models.Model]) -> list[list[Any]]:
        """A list for each row, which has all of them: past the descriptors, which would ask for what was left out."""
        read = self._read
        found = [list(read(vars(row))) for row in rows]
        for place, as_it_is, prepare in self._preparing:
            for row in found:
                value = row[place]
                if value is not None and type(value) is not as_it_is:
                    row[place] = prepare(value)
        return found


@cache
def columns_of(model: type[models.Model], _vendor: str, names: tuple[str, ...]) -> Columns:
    """Of these fields, "pk" among them; prepared for the database that is spoken to."""
    return Columns(
        [_column(model._meta.pk if name == "pk" else model._meta.get_field(name)) for name in names]
    )


@cache
def names_of(model: type[models.Model]) -> tuple[str, ...]:
    """Of all fields but the id."""
    return tuple(field.name for field in model._meta.concrete_fields if not field.primary_key)


def quoted(name: str | None) -> str:
    return str(connection.ops.quote_name(str(name)))


def _column(field: Any) -> Column:
    kind = field.db_type(connection)
    # A cast to varchar(n) cuts what is too long; as text, the column itself refuses it.
    cast = "" if kind.startswith("varchar") or kind == "text" else f"::{kind}"
    return Column(field.attname, quoted(field.column), _preparation(field, kind), cast)


def _preparation(field: Any, kind: str) -> Prepare | None:
    if isinstance(field, AS_THEY_ARE):
        return None
    if type(field) is models.CharField:
        return _text
    if isinstance(field, models.JSONField):
        return _json_of(field)
    if isinstance(field, models.DateTimeField):
        return _moment_in_sqlite if kind == "datetime" else _moment
    return lambda value: field.get_db_prep_save(value, connection)


def _text(value: str) -> str:
    """Members of closed sets are written as their values."""
    return str.__str__(value)


def _json_of(field: models.JSONField[Any, Any]) -> Prepare:
    # Made once, not for each row.
    encode = (field.encoder or json.JSONEncoder)().encode

    @lru_cache(maxsize=1_024)
    def of_a_word(name: str, word: str) -> str:
        return str(encode({name: word}))

    def made(value: Any) -> str:
        if value == []:
            return "[]"
        # Most facts say one word beside their ids. Numbers are left out: True and 1 are equal, and not the same.
        if type(value) is dict and len(value) == 1:
            ((name, word),) = value.items()
            if type(word) is str and type(name) is str:
                return of_a_word(name, word)
        return str(encode(value))

    return made


def _moment(value: datetime) -> str:
    return _as_text(_in_utc(value)) + "+00:00"


def _moment_in_sqlite(value: datetime) -> str:
    """As Django writes it there."""
    return _as_text(_in_utc(value))


@lru_cache(maxsize=4_096)
def _as_text(value: datetime) -> str:
    # Most rows of a batch share their moments. Only those in UTC: elsewhere an hour comes twice, and equals itself.
    return str(value.replace(tzinfo=None))


def _in_utc(value: datetime) -> datetime:
    """Without a zone it would be a guess."""
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("A moment without a time zone can't be stored.")
    return value.astimezone(UTC)
