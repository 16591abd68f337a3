"""What a web process looks at before it serves: the database, whether it was prepared, and Redis."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from kefu.config.running import stamp
from kefu.config.running.refusal import Refusal


class NotPrepared(Exception):
    """The database lacks what the stamp says it has: it was dropped, restored or changed by hand."""


def look(data: Path) -> None:
    """Raises Refusal when a service is down, NotPrepared when the database must be prepared first."""
    require_database()
    require_redis()
    found = stamp.read(data)
    if found is None or found.migrations != migrations_taken():
        raise NotPrepared


def require_database() -> None:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as problem:
        raise Refusal(f"The database can't be used ({_last_line(problem)}); {_advice()}") from None


def require_redis() -> None:
    if not settings.REDIS_URL:
        return
    # The client takes a third of a second to load, so it is loaded only where it is used.
    client = import_module("redis")
    try:
        with client.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3, socket_timeout=3) as redis:
            redis.ping()
    except ValueError:
        raise Refusal("REDIS_URL can't be read; it looks like redis://localhost:6379/0.") from None
    except (client.RedisError, OSError):
        raise Refusal("Redis does not answer; check that it runs and that REDIS_URL is right.") from None


def migrations_taken() -> int:
    """How many migrations the database has taken; −1 before the first."""
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return -1
        cursor.execute("SELECT count(*) FROM django_migrations")
        return int(cursor.fetchone()[0])


def _last_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[-1].strip()


def _advice() -> str:
    if connection.vendor == "sqlite":
        return "check the disk and the rights of the data folder, or restore a backup."
    return "check that PostgreSQL runs and that DATABASE_URL is right."
