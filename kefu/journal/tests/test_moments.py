"""Moments are read as they were written, by both databases, and in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import DataError, connection
from django.utils import timezone

from kefu.journal import prepared
from kefu.journal.moments import moment

NOON = datetime(2026, 3, 8, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"2026-03-08 12:00:00.123456", NOON),
        (b"2026-03-08 12:00:00.123456+00", NOON),
        (b"2026-03-08 20:00:00.123456+08", NOON),
        (b"2026-03-08 17:30:00.123456+05:30", NOON),
        (b"2026-03-08 12:00:00", NOON.replace(microsecond=0)),
        (b"2026-03-08 12:00:00.12+00", NOON.replace(microsecond=120_000)),
    ],
)
def test_it_is_read_in_utc(written: bytes, expected: datetime) -> None:
    assert moment(written) == expected
    assert moment(written).tzinfo is UTC


def test_what_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="infinity"):
        moment(b"infinity")


@pytest.mark.django_db
def test_a_connection_gives_them_with_their_zone() -> None:
    kind = "datetime" if connection.vendor == "sqlite" else "timestamptz"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE moments (at {kind})")
        stored = NOON.replace(tzinfo=None) if connection.vendor == "sqlite" else NOON
        cursor.execute("INSERT INTO moments VALUES (%s)", [stored])
    try:
        ((found,),) = prepared.ask("SELECT at FROM moments", [])()
        assert (found, found.tzinfo) == (NOON, UTC)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE moments")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="only PostgreSQL: SQLite has no such moments")
def test_a_moment_that_python_has_not_is_an_error_of_the_database() -> None:
    with pytest.raises(DataError):
        prepared.ask("SELECT 'infinity'::timestamptz", [])()
    assert prepared.ask("SELECT 1", [])() == [(1,)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="only PostgreSQL: SQLite's connections have no zone"
)
def test_a_session_in_another_zone_gives_utc() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'Asia/Kathmandu'")
    try:
        ((found,),) = prepared.ask("SELECT %s::timestamptz", [NOON])()
        assert (found, found.tzinfo) == (NOON, UTC)
        assert timezone.localtime(found, ZoneInfo("Asia/Kathmandu")).utcoffset() is not None
    finally:
        connection.close()
