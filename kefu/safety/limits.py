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
from django.utils.timezone import now

from kefu.safety.models import Counter
from kefu.safety.tokens import keyed_hash

# Twice the longest window.
KEPT_FOR = timedelta(days=2)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """`times` in each `per`, which is a second or more and a day or less; windows begin at whole multiples of `per`."""

    name: str
    times: int
    per: timedelta

    @property
    def seconds(self) -> int:
        return int(self.per.total_seconds())


@dataclass(frozen=True)
class Standing:
    """How many times are left in this window, and when it ends."""

    left: int
    ends_in: timedelta


class TooMany(RuntimeError):
    """The limit is reached; `retry_after` is when the window ends."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("too many")
        self.retry_after = retry_after


def take(limit: Limit, key: str) -> None:
    """Count one for this key, or raise TooMany. The key itself is kept nowhere: it may be somebody's address.

    Call it outside the transaction that may fail: what that rolls back was not counted.
    """
    began, name = _window(limit), _name(limit, key)
    used = _count_in_redis(name, began, limit.seconds) if settings.REDIS_URL else None
    if used is None:
        used = _count_in_table(name, began)
    if used > limit.times:
        raise TooMany(_until_end(limit, began))


def peek(limit: Limit, key: str) -> Standing:
    """Where this key stands, without counting."""
    began, name = _window(limit), _name(limit, key)
    used = _used_in_redis(name, began) if settings.REDIS_URL else None
    if used is None:
        used = Counter.objects.filter(name=name, began=began).values_list("used", flat=True).first() or 0
    return Standing(left=max(0, limit.times - used), ends_in=_until_end(limit, began))


def _window(limit: Limit) -> int:
    return int(time.time()) // limit.seconds * limit.seconds


def _until_end(limit: Limit, began: int) -> timedelta:
    # Never zero: whoever is refused waits for at least a moment.
    return timedelta(seconds=max(1, began + limit.seconds - int(time.time())))


def _name(limit: Limit, key: str) -> str:
    return keyed_hash(f"{limit.name}\n{key}")


def _count_in_redis(name: str, began: int, seconds: int) -> int | None:
    """None when Redis can't be reached: the table then counts instead."""
    key = _redis_key(name, began)
    try:
        with _client(settings.REDIS_URL).pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, seconds)
            used, _ = pipe.execute()
    except redis.RedisError as problem:
        log.warning("limits without redis", extra={"error": type(problem).__name__})
        return None
    return int(used)


def _used_in_redis(name: str, began: int) -> int | None:
    try:
        return int(_client(settings.REDIS_URL).get(_redis_key(name, began)) or 0)
    except redis.RedisError as problem:
        log.warning("limits without redis", extra={"error": type(problem).__name__})
        return None


def _redis_key(name: str, began: int) -> str:
    return f"kefu:limit:{name}:{began}"


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
    return Counter.objects.filter(began__lt=int((now() - KEPT_FOR).timestamp())).delete()[0]
