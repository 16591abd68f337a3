"""Between processes that share a PostgreSQL database and no Redis: NOTIFY, on connections of its own.

Whoever may open the database may listen, and a server may log its statements. So frames are sealed with a key
made of this installation's secret key: nobody else reads in them who types, nor makes one up.
"""

from __future__ import annotations

import base64
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from cryptography.fernet import Fernet, InvalidToken
from django.db import connection
from django.utils.crypto import salted_hmac

from kefu.journal.rings.transport import APART, Take, TransportLost

log = logging.getLogger("kefu.rings")

# A channel belongs to one database, so installations beside each other in a cluster don't hear one another.
CHANNEL = "kefu_rings"
NAME = "kefu rings"
# PostgreSQL takes payloads of less than 8,000 bytes. Sealing fills up to sixteens, adds 57 bytes and then a third.
LARGEST_FRAME = 5_935
SECONDS_FOR_AN_ANSWER = 5
# How often the hearing thread looks whether it should stop, and whether the database is still there.
LOOKS_AFTER = 0.25
CHECKED_EVERY = 15.0
LIVELINESS = {
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


class NotifyChannel:
    """Notifies and listens; whoever calls connects again, so that it is logged and paced in one place."""

    apart = APART
    largest = LARGEST_FRAME

    def __init__(self, *, secret: str | None = None) -> None:
        self._seal = Fernet(
            base64.urlsafe_b64encode(salted_hmac(CHANNEL, "", secret, algorithm="sha256").digest())
        )
        self._out: psycopg.Connection[Any] | None = None
        self._knows_of_others = False

    def send(self, frame: bytes) -> None:
        try:
            if self._out is None:
                self._out = _connect()
                # A ring need not outlive the server: it waits for no disk, and lets no disk wait for it.
                self._out.execute("SET synchronous_commit = off")
            self._out.execute("SELECT pg_notify(%s, %s)", [CHANNEL, self._seal.encrypt(frame).decode()])
        except (psycopg.Error, OSError) as problem:
            self.close()
            raise TransportLost(type(problem).__name__) from problem

    def hear(self, take: Take, *, on_open: Callable[[], None], stopping: threading.Event) -> None:
        try:
            with contextlib.closing(_connect()) as heard:
                heard.execute(f"LISTEN {CHANNEL}")
                on_open()
                self._take_all(heard, take, stopping)
        except (psycopg.Error, OSError) as problem:
            raise TransportLost(type(problem).__name__) from problem

    def stop_hearing(self) -> None:
        return

    def close(self) -> None:
        out, self._out = self._out, None
        if out is not None:
            out.close()

    def _take_all(self, heard: psycopg.Connection[Any], take: Take, stopping: threading.Event) -> None:
        check_at = time.monotonic() + CHECKED_EVERY
        while not stopping.is_set():
            for notice in heard.notifies(timeout=LOOKS_AFTER):
                self._open(notice.payload, take)
            if time.monotonic() > check_at:
                heard.execute("SELECT 1")
                check_at = time.monotonic() + CHECKED_EVERY

    def _open(self, payload: str, take: Take) -> None:
        try:
            frame = self._seal.decrypt(payload)
        except InvalidToken:
            # A machine with other keys can't read our encrypted fields either; it is said once.
            if not self._knows_of_others:
                log.warning("rings_of_another_key")
            self._knows_of_others = True
            return
        take(frame)


def _connect() -> psycopg.Connection[Any]:
    """A connection as Django's own, in its database, but of no thread of Django's and without transactions."""
    given = LIVELINESS | connection.copy().get_connection_params()
    given |= {"application_name": NAME, "connect_timeout": SECONDS_FOR_AN_ANSWER}
    return psycopg.connect(autocommit=True, **given)
