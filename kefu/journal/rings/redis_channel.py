"""Between machines: one Redis pub/sub channel."""

from __future__ import annotations

import threading
from collections.abc import Callable

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from kefu.journal.rings.transport import APART, Take, TransportLost

SECONDS_FOR_AN_ANSWER = 5.0
# How often the hearing thread looks whether it should stop.
LOOKS_AFTER = 1.0
CHECKED_EVERY = 15


class RedisChannel:
    """Publishes and subscribes; whoever calls reconnects, so that it is logged and paced in one place."""

    apart = APART
    largest = 256 * 1024

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url,
            socket_timeout=SECONDS_FOR_AN_ANSWER,
            socket_connect_timeout=SECONDS_FOR_AN_ANSWER,
            socket_keepalive=True,
            health_check_interval=CHECKED_EVERY,
            retry=Retry(NoBackoff(), 0),
        )
        # A channel belongs to the whole server; the number keeps installations apart that share one.
        number = self._client.connection_pool.connection_kwargs.get("db") or 0
        self.channel = f"kefu:{number}:rings"

    def send(self, frame: bytes) -> None:
        try:
            self._client.publish(self.channel, frame)
        except (redis.RedisError, OSError) as problem:
            raise TransportLost(type(problem).__name__) from problem

    def hear(self, take: Take, *, on_open: Callable[[], None], stopping: threading.Event) -> None:
        try:
            with self._client.pubsub() as heard:  # type: ignore[no-untyped-call]
                heard.subscribe(self.channel)
                while not stopping.is_set():
                    message = heard.get_message(timeout=LOOKS_AFTER)
                    match message and message["type"]:
                        case "subscribe":
                            on_open()
                        case "message":
                            take(message["data"])
        except (redis.RedisError, OSError) as problem:
            raise TransportLost(type(problem).__name__) from problem

    def stop_hearing(self) -> None:
        return

    def close(self) -> None:
        self._client.close()
