"""This process's bell: its own ears ring at once, those of other processes from a thread of its own."""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import secrets
import threading
from collections import deque
from importlib import import_module
from typing import Protocol

from django.conf import settings
from django.db import connection

from kefu.background.meters import Count
from kefu.journal.rings.frames import Lease, frames, parsed
from kefu.journal.rings.sockets import Datagrams, folder_for
from kefu.journal.rings.transport import Transport, TransportLost

log = logging.getLogger("kefu.rings")

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
# Leases are for seconds: what waits longer than this many others is not worth sending.
LEASES_KEPT = 2_000
# How long an ear waits for its way to open, and a process at its end for the last ring.
PATIENCE = 1.0
RINGS_SENT = Count("kefu_rings_sent", "Rings that this process has given to the others.")
RINGS_HEARD = Count("kefu_rings_heard", "Rings that this process has heard from the others.")
LEASES_SENT = Count("kefu_leases_sent", "Who types or looks, told to the others.")
LEASES_HEARD = Count("kefu_leases_heard", "Who types or looks, heard from the others.")


class Hearer(Protocol):
    """What an ear lets the bell call, from any thread; it returns at once and never raises."""

    def hear_ring(self, *, is_own: bool) -> None: ...

    def hear_lease(self, lease: Lease) -> None: ...


class Bell:
    """Rings in this process, and over a transport in others, if there is one."""

    def __init__(self, transport: Transport | None) -> None:
        self.transport = transport
        self.name = secrets.token_hex(8)
        self._hearers: tuple[Hearer, ...] = ()
        self._lock = threading.Lock()
        self._sender: threading.Thread | None = None
        self._hearing: threading.Thread | None = None
        self._is_open = threading.Event()
        self._stop_hearing = threading.Event()
        self._has_work = threading.Event()
        self._closing = threading.Event()
        self._is_rung = False
        self._leases: deque[Lease] = deque(maxlen=LEASES_KEPT)

    def ring(self) -> None:
        """Ring here and elsewhere; several in a moment are one elsewhere."""
        self._ring_here(is_own=True)
        if self.transport is not None:
            self._is_rung = True
            self._wake_sender(self.transport)

    def pass_on(self, lease: Lease) -> None:
        """Give a lease to the other processes."""
        if self.transport is not None:
            self._leases.append(lease)
            self._wake_sender(self.transport)

    def add(self, hearer: Hearer) -> None:
        """Hear from now on; waits a moment for the way to open."""
        with self._lock:
            self._hearers = (*self._hearers, hearer)
            if self._hearing is None and self.transport is not None:
                self._stop_hearing = threading.Event()
                self._hearing = _thread("rings-in", self._hear, self.transport, self._stop_hearing)
        if self.transport is not None:
            self._is_open.wait(PATIENCE)

    def remove(self, hearer: Hearer) -> None:
        """Hear no more; the last one closes the way."""
        with self._lock:
            self._hearers = tuple(other for other in self._hearers if other is not hearer)
            if self._hearers or self._hearing is None or self.transport is None:
                return
            hearing, self._hearing = self._hearing, None
            self._stop_hearing.set()
            self.transport.stop_hearing()
            self._is_open.clear()
        hearing.join(PATIENCE * 2)

    def close(self) -> None:
        """Send what waits, once, and end the sending thread."""
        with self._lock:
            sender, self._sender = self._sender, None
        if sender is not None:
            self._closing.set()
            self._has_work.set()
            sender.join(PATIENCE)
        elif self.transport is not None:
            self.transport.close()

    def _ring_here(self, *, is_own: bool = False) -> None:
        for hearer in self._hearers:
            hearer.hear_ring(is_own=is_own)

    def _wake_sender(self, transport: Transport) -> None:
        if self._sender is None:
            self._start_sender(transport)
        self._has_work.set()

    def _start_sender(self, transport: Transport) -> None:
        with self._lock:
            # Another thread may have rung for the first time in the same moment.
            if self._sender is None:
                self._closing = threading.Event()
                self._sender = _thread("rings-out", self._send, transport, self._closing)

    def _send(self, transport: Transport, closing: threading.Event) -> None:
        """The sending thread. While the way is lost a ring waits and leases are dropped."""
        pause = 0.0
        while not closing.is_set():
            self._has_work.wait()
            self._has_work.clear()
            try:
                self._send_once(transport)
                pause = _back("rings_sent_again", pause)
            except Exception as problem:  # noqa: BLE001 - no other thread would send; _lost writes it down
                pause = _lost("rings_not_sent", pause, problem)
                self._is_rung = True
                self._has_work.set()
            closing.wait(pause or transport.apart)
        with contextlib.suppress(TransportLost):
            self._send_once(transport)
        transport.close()

    def _send_once(self, transport: Transport) -> None:
        is_ring = self._is_rung
        if is_ring:
            # Written only when read as true: a ring that comes in between must not be wiped out.
            self._is_rung = False
        leases = [self._leases.popleft() for _ in range(len(self._leases))]
        if not (is_ring or leases):
            return
        try:
            for frame in frames(sender=self.name, is_ring=is_ring, leases=leases, largest=transport.largest):
                transport.send(frame)
            RINGS_SENT.add(is_ring)
            LEASES_SENT.add(len(leases))
        except TransportLost:
            raise
        except Exception:
            # A lease that can't be written must not end the thread that carries the rings.
            log.exception("lease_not_sent", extra={"leases": len(leases)})
            if is_ring:
                transport.send(
                    next(frames(sender=self.name, is_ring=True, leases=(), largest=transport.largest))
                )

    def _hear(self, transport: Transport, stopping: threading.Event) -> None:
        """The hearing thread: it opens the way again as often as it is lost."""
        pause = 0.0

        def opened() -> None:
            nonlocal pause
            if stopping.is_set():
                return
            pause = _back("rings_heard_again", pause)
            self._is_open.set()
            # What was rung while nobody heard.
            self._ring_here()

        while not stopping.is_set():
            try:
                transport.hear(self._take, on_open=opened, stopping=stopping)
            except Exception as problem:  # noqa: BLE001 - no other thread would hear; _lost writes it down
                pause = _lost("rings_not_heard", pause, problem)
            stopping.wait(pause)

    def _take(self, raw: bytes) -> None:
        frame = parsed(raw)
        if frame is None:
            log.warning("ring_malformed", extra={"bytes": len(raw)})
            return
        if frame.sender == self.name:
            return
        RINGS_HEARD.add(frame.is_ring)
        LEASES_HEARD.add(len(frame.leases))
        if frame.is_ring:
            self._ring_here()
        for lease in frame.leases:
            for hearer in self._hearers:
                hearer.hear_lease(lease)


def _thread(name: str, target: object, *args: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=args, name=name, daemon=True)  # type: ignore[arg-type]
    thread.start()
    return thread


def _lost(event: str, pause: float, problem: Exception) -> float:
    """The next pause; said once, however long it lasts."""
    if not pause and isinstance(problem, TransportLost):
        log.warning(event, extra={"error": str(problem)})
    elif not pause:
        log.error(event, extra={"error": type(problem).__name__}, exc_info=problem)
    return min(LONGEST_PAUSE, pause * 2 or FIRST_PAUSE)


def _back(event: str, pause: float) -> float:
    if pause:
        log.warning(event)
    return 0.0


def transport_of_settings() -> Transport | None:
    """None where one process is all there is. Raises ValueError for an address that can't be read."""
    match way_of_settings():
        case "local":
            return None
        case "redis":
            # The client takes as long to load as a quarter of Django, so it is loaded only where it is used.
            channel: Transport = import_module("kefu.journal.rings.redis_channel").RedisChannel(
                settings.REDIS_URL
            )
            return channel
        case "notify":
            # So is the driver, which SQLite has no use for.
            notices: Transport = import_module("kefu.journal.rings.notify_channel").NotifyChannel()
            return notices
        case _:
            return Datagrams(folder_for(settings.DATA_DIR))


def way_of_settings() -> str:
    """KEFU_RINGS, or by default Redis where there is one, else NOTIFY on PostgreSQL, else sockets."""
    usual = "notify" if connection.vendor == "postgresql" else "socket"
    return settings.RINGS or ("redis" if settings.REDIS_URL else usual)


_lock = threading.Lock()
_bell: Bell | None = None


def bell() -> Bell:
    """The one bell of this process."""
    global _bell  # noqa: PLW0603 - a process has one bell, made when it is first needed
    if _bell is None:
        with _lock:
            if _bell is None:
                _bell = Bell(_transport_or_none())
    return _bell


def _transport_or_none() -> Transport | None:
    """A malformed address must not fail whoever commits; without rings the heartbeat carries on."""
    try:
        return transport_of_settings()
    except ValueError:
        log.exception("rings_misconfigured")
        return None


def _forget() -> None:
    """In a forked child the parent's threads and sockets are not ours."""
    global _bell, _lock
    _bell, _lock = None, threading.Lock()


@atexit.register
def _ring_out() -> None:
    if _bell is not None:
        _bell.close()


os.register_at_fork(after_in_child=_forget)
