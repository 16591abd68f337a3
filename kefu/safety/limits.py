"""Rates and attempts, counted in a store that all processes share: Redis when there is one, else a table."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import redis
from django.conf import settings
from django.db import connection

from kefu.safety.models import Counter
from kefu.safety.tokens import keyed_hash

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """`times` in each `per`; windows begin at whole multiples of `per`."""

    name: str
    times: int
    per: timedelta


class TooMany(RuntimeError):
    """The limit is reached; `retry_after` is when the window ends."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("too many")
        self.retry_after = retry_after


def take(limit: Limit, key: str) -> None:
    """Count one for this key, or raise TooMany. The key itself is kept nowhere: it may be somebody's address."""
    seconds = int(limit.per.total_seconds())
    began = int(time.time()) // seconds * seconds
    name = keyed_hash(f"{limit.name}\n{key}")
    used = _count_in_redis(name, began, seconds) if settings.REDIS_URL else None
    if used is None:
        used = _count_in_table(name, began)
    if used > limit.times:
        raise TooMany(timedelta(seconds=began + seconds - int(time.time())))


def _count_in_redis(name: str, began: int, seconds: int) -> int | None:
    """None when Redis can't be reached: the table then counts instead."""
    key = f"kefu:limit:{name}:{began}"
    try:
        with _client(settings.REDIS_URL).pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, seconds)
            used, _ = pipe.execute()
    except redis.RedisError as problem:
        log.warning("limits without redis", extra={"error": type(problem).__name__})
        return None
    return int(used)


@lru_cache(maxsize=2)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)


def _count_in_table(name: str, began: int) -> int:
    """One statement, so that two processes never count the same."""
    table = connection.ops.quote_name(Counter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (name, began, used) VALUES (%s, %s, 1) "  # noqa: S608 - only our table's name
            "ON CONFLICT (name) DO UPDATE SET began = excluded.began, used = "
            f"CASE WHEN {table}.began = excluded.began THEN {table}.used + 1 ELSE 1 END RETURNING used",
            [name, began],
        )
        return int(cursor.fetchone()[0])


def prune_limits() -> int:
    """Forget counters of windows that ended long ago; how many."""
    return Counter.objects.filter(began__lt=int(time.time()) - 2 * 24 * 3600).delete()[0]
