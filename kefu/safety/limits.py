"""Rates and attempts, counted in a store that all processes share: Redis when there is one, else a table."""

from __future__ import annotations

import time
from collections import Counter as Counted
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from kefu.safety.models import Counter
from kefu.safety.tokens import keyed_hash

# Twice the longest window.
KEPT_FOR = timedelta(days=2)


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
    redis = _in_redis()
    used = redis.count(name, began, limit.seconds) if redis else None
    if used is None:
        used = _count_in_table(name, began)
    if used > limit.times:
        raise TooMany(_until_end(limit, began))


def take_each(limit: Limit, keys: Sequence[str]) -> list[timedelta | None]:
    """Count one for each of these keys with one statement: None, or how long that one must wait.

    A key that comes twice counts twice. Call it outside the transaction that may fail, as take().
    """
    if not keys:
        return []
    began, names = _window(limit), [_name(limit, key) for key in keys]
    times = Counted(names)
    redis = _in_redis()
    used = redis.count_all(times, began, limit.seconds) if redis else None
    if used is None:
        used = _count_all_in_table(times, began)
    answers: list[timedelta | None] = []
    for name in names:
        # Of several of one key the first are counted first.
        place = used[name] - times[name] + 1
        times[name] -= 1
        answers.append(_until_end(limit, began) if place > limit.times else None)
    return answers


def peek(limit: Limit, key: str) -> Standing:
    """Where this key stands, without counting."""
    began, name = _window(limit), _name(limit, key)
    redis = _in_redis()
    used = redis.used(name, began) if redis else None
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


def _in_redis() -> ModuleType | None:
    """What counts in Redis, if there is one; it answers None while Redis can't be reached: the table then counts."""
    return import_module("kefu.safety.limits_in_redis") if settings.REDIS_URL else None


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


def _count_all_in_table(times: Mapping[str, int], began: int) -> dict[str, int]:
    """In the order of names, so that two processes that count the same ones can't wait for each other."""
    table = connection.ops.quote_name(Counter._meta.db_table)
    names = sorted(times)
    rows = ", ".join(["(%s, %s, %s)"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (name, began, used) VALUES {rows} "  # noqa: S608 - only our table's name
            "ON CONFLICT (name) DO UPDATE SET began = excluded.began, used = excluded.used + "
            f"CASE WHEN {table}.began = excluded.began THEN {table}.used ELSE 0 END RETURNING name, used",
            [value for name in names for value in (name, began, times[name])],
        )
        return dict(cursor.fetchall())


def prune_limits() -> int:
    """Forget counters of windows that ended long ago; how many."""
    return Counter.objects.filter(began__lt=int((now() - KEPT_FOR).timestamp())).delete()[0]
