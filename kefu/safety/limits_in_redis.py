"""Counters of limits in Redis. Loaded only where there is one: the client takes as long as a quarter of Django."""

from __future__ import annotations

import logging
from functools import lru_cache

import redis
from django.conf import settings

log = logging.getLogger(__name__)


def count(name: str, began: int, seconds: int) -> int | None:
    """Count one more in a window of so many seconds; how many now. None when Redis can't be reached."""
    key = _key(name, began)
    try:
        with _client(settings.REDIS_URL).pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, seconds)
            used, _ = pipe.execute()
    except redis.RedisError as problem:
        log.warning("limits without redis", extra={"error": type(problem).__name__})
        return None
    return int(used)


def used(name: str, began: int) -> int | None:
    """How many were counted in a window. None when Redis can't be reached."""
    try:
        return int(_client(settings.REDIS_URL).get(_key(name, began)) or 0)
    except redis.RedisError as problem:
        log.warning("limits without redis", extra={"error": type(problem).__name__})
        return None


def _key(name: str, began: int) -> str:
    return f"kefu:limit:{name}:{began}"


@lru_cache(maxsize=2)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
