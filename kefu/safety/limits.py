"""Rates and attempts, counted in a store that all processes share: Redis when there is one, else a table."""

from __future__ import annotations

import json
import time
from collections import Counter as Counted
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from kefu.journal import prepared
from kefu.safety.models import Counter
from kefu.safety.tokens import keyed_hash

# Twice the longest window.
KEPT_FOR = timedelta(days=2)
# Rows of a JSON list of names and numbers. Without its WHERE SQLite would take ON for a join's.
COUNTED = {
    "sqlite": "SELECT json_extract(value, '$[0]'), %s, json_extract(value, '$[1]') FROM json_each(%s) WHERE true",
    "postgresql": "SELECT value ->> 0, %s::bigint, (value ->> 1)::integer FROM jsonb_array_elements(%s::jsonb)",
}
# The names stand beside them once more, so that each is looked up: what is not analysed yet would be read whole for a join.
GIVEN_BACK = {
    "sqlite": "UPDATE TABLE SET used = TABLE.used - json_extract(value, '$[1]') FROM json_each(%s) "
    "WHERE TABLE.name = json_extract(value, '$[0]') AND TABLE.began = %s",
    "postgresql": "UPDATE TABLE SET used = TABLE.used - (value ->> 1)::integer FROM jsonb_array_elements(%s::jsonb) "
    "WHERE TABLE.name = value ->> 0 AND TABLE.began = %s AND TABLE.name = ANY(%s::text[])",
}


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


class Counting:
    """Many keys of one limit, which are nobody's address, counted within one transaction.

    It is the table also where there is Redis, because that goes along with other statements, and is undone with them. Who
    counts the same key meanwhile waits for the commit.
    """

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._began = _window(limit)
        # Names of those who must wait and were counted.
        self._refused: list[str] = []

    def take_soon(self, keys: Sequence[str]) -> Callable[[], list[timedelta | None]]:
        """Count one for each of these keys, with one statement: the answer, called, gives None or how long one must wait.

        A key that comes twice counts twice, and the first come first. Where the limit was reached before nothing is written,
        however often it is tried. `give_back` follows in any case.
        """
        if not keys:
            return list
        names = [_known_name(self.limit, key) for key in keys]
        times = Counted(names)
        # In the order of names, so that two servers that count the same ones can't wait for each other.
        rows = json.dumps(sorted(times.items()))
        asked = prepared.ask(_counting(prepared.vendor()), [self._began, rows, self.limit.times])

        def answers() -> list[timedelta | None]:
            counted = {
                name: total - times[name] if began == self._began else 0 for name, total, began in asked()
            }
            # Whoever is not among them had used it up before.
            used = dict.fromkeys(names, self.limit.times) | counted
            waits: list[timedelta | None] = []
            for name in names:
                used[name] += 1
                too_many = used[name] > self.limit.times
                if too_many and name in counted:
                    self._refused.append(name)
                waits.append(_until_end(self.limit, self._began) if too_many else None)
            return waits

        return answers

    def give_back(self, keys: Sequence[str]) -> None:
        """As if one less had been counted for each of these, which were allowed, and for all who were not."""
        times = Counted([*self._refused, *(_known_name(self.limit, key) for key in keys)])
        if times:
            names = [list(times)] if prepared.vendor() == "postgresql" else []
            prepared.do(_giving_back(prepared.vendor()), [json.dumps([*times.items()]), self._began, *names])


@cache
def _counting(vendor: str) -> str:
    table = connection.ops.quote_name(Counter._meta.db_table)
    return (
        f"INSERT INTO {table} (name, began, used) {COUNTED[vendor]} "
        # Where somebody counts in the next window already, that one stays.
        f"ON CONFLICT (name) DO UPDATE SET used = excluded.used + "
        f"CASE WHEN {table}.began >= excluded.began THEN {table}.used ELSE 0 END, "
        f"began = CASE WHEN {table}.began > excluded.began THEN {table}.began ELSE excluded.began END "
        f"WHERE {table}.began <> excluded.began OR {table}.used < %s RETURNING name, used, began"
    )


@cache
def _giving_back(vendor: str) -> str:
    table = connection.ops.quote_name(Counter._meta.db_table)
    return GIVEN_BACK[vendor].replace("TABLE", table)


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


@lru_cache(maxsize=4_096)
def _known_name(limit: Limit, key: str) -> str:
    """Of people who come again and again, by what they are called in the journal; addresses are not kept."""
    return _name(limit, key)


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


def prune_limits() -> int:
    """Forget counters of windows that ended long ago; how many."""
    return Counter.objects.filter(began__lt=int((now() - KEPT_FOR).timestamp())).delete()[0]
