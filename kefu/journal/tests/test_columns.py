"""How each kind of field is written: as Django would, and looked up once a model."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from kefu.journal.actor import ActorKind
from kefu.journal.columns import Column, Columns, _column, columns_of, names_of
from kefu.journal.models import Entry, ListenerCursor

NOON = datetime(2026, 3, 8, 12, 0, 0, 123456, tzinfo=UTC)


def column(field: Any) -> Column:
    field.set_attributes_from_name("thing")
    return _column(field)


def written(field: Any, value: object) -> object:
    one = column(field)
    row: Any = SimpleNamespace(thing=value)
    return Columns([one, one]).values([row])[0][0]


def of(model: type[models.Model], *names: str) -> Any:
    return columns_of(model, connection.vendor, names)


def test_the_names_are_of_all_fields_but_the_id() -> None:
    assert names_of(ListenerCursor) == ("position", "gaps", "stuck_id", "tries", "retry_at")
    assert names_of(Entry)[:3] == ("recorded_at", "occurred_at", "kind")
    assert "id" not in names_of(Entry)


def test_columns_are_named_as_the_table_names_them() -> None:
    columns = of(ListenerCursor, "pk", "position", "tries")

    assert columns.names == '"listener", "position", "tries"'
    assert [one.attribute for one in columns.all] == ["listener", "position", "tries"]
    assert [one.name for one in columns.all] == ['"listener"', '"position"', '"tries"']


def test_a_list_for_each_row_has_its_values_in_the_order_of_the_columns() -> None:
    rows = [ListenerCursor(listener=f"tests.{n}", position=n, gaps=[[n]], retry_at=None) for n in (1, 2)]

    assert of(ListenerCursor, "gaps", "pk", "position", "retry_at").values(rows) == [
        ["[[1]]", "tests.1", 1, None],
        ["[[2]]", "tests.2", 2, None],
    ]
    assert of(ListenerCursor, "pk", "position").values([]) == []


@pytest.mark.parametrize(
    "field", [models.BigIntegerField(), models.PositiveSmallIntegerField(), models.BooleanField()]
)
def test_numbers_are_written_as_they_are(field: Any) -> None:
    assert column(field).prepare is None


def test_a_member_of_a_closed_set_is_written_as_its_value() -> None:
    got = [written(models.CharField(max_length=9), value) for value in (ActorKind.AGENT, "agent", "", None)]

    assert got == ["agent", "agent", "", None]
    assert [type(one) for one in got] == [str, str, str, type(None)]


def test_json_is_written_with_the_encoder_of_its_field() -> None:
    assert written(models.JSONField(), {"list": [1, None]}) == '{"list": [1, null]}'
    assert written(models.JSONField(), None) is None
    values: list[Any] = [
        [],
        {},
        {"a": "字"},
        {"a": "字"},
        {"b": "字"},
        {"a": 1},
        {"a": True},
        {"a": "1", "b": "2"},
        {1: "字"},
        {True: "字"},
    ]
    for value in values:
        assert written(models.JSONField(), value) == json.dumps(value)
    assert json.loads(str(written(models.JSONField(encoder=DjangoJSONEncoder), {"at": NOON}))) == {
        "at": "2026-03-08T12:00:00.123Z"
    }


@pytest.mark.parametrize(
    "value",
    [
        NOON,
        NOON.replace(microsecond=0),
        NOON.astimezone(ZoneInfo("Asia/Shanghai")),
        NOON.replace(tzinfo=ZoneInfo("UTC")),
        None,
    ],
)
def test_a_moment_is_written_in_utc(value: datetime | None) -> None:
    got = written(models.DateTimeField(), value)

    if connection.vendor == "sqlite":
        assert got == (None if value is None else connection.ops.adapt_datetimefield_value(value))
    else:
        assert got == (None if value is None else value.astimezone(UTC).isoformat())


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        written(models.DateTimeField(), datetime(2026, 3, 8, 12, 0))  # noqa: DTZ001 - it is what is refused


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (models.DurationField(), timedelta(seconds=1.5)),
        (models.DecimalField(max_digits=9, decimal_places=2), Decimal("1.50")),
        (models.EmailField(), "xiaomei@example.com"),
        (models.DateField(), NOON.date()),
    ],
)
def test_everything_else_is_written_as_its_field_says(field: Any, value: object) -> None:
    field.set_attributes_from_name("thing")

    assert written(field, value) == field.get_db_prep_save(value, connection)
    assert column(field).prepare is not None


@pytest.mark.parametrize(
    ("field", "is_text"),
    [
        (models.CharField(max_length=9), True),
        (models.TextField(), True),
        (models.BigIntegerField(), False),
        (models.DateTimeField(), False),
    ],
)
def test_all_but_text_is_cast_to_the_type_of_its_column(field: Any, is_text: bool) -> None:
    assert column(field).cast == ("" if is_text else f"::{field.db_type(connection)}")
