"""Group commit: one thread a process writes what all its sockets ask for, many at once, and answers after the commit.

An acknowledgement therefore always means durable, and a hundred of them cost one commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
    transaction,
)

from kefu.background.meters import NUMBERS, SECONDS, Spread
from kefu.journal.prepared import ending
from kefu.realtime.database import Busy

log = logging.getLogger(__name__)
# What waits altogether, and of one sender; who comes on top is told "busy" and comes again.
MOST_WAITING, MOST_OF_ONE = 2_000, 50
LARGEST_BATCH = 512
RESTS_AFTER = 5.0
# So long a unit waits for a row that somebody else holds, looked for again every few milliseconds. Where all is slow it is
# looked for so often at least: many writers who take turns let each come late by chance, and hold nothing for long.
PATIENCE, LOOKS_EVERY, FEWEST_LOOKS, AT_LONGEST = 2.0, 0.004, 50, 5.0
# Deadlocks and serialisation errors (PostgreSQL's 40P01 and 40001): the same again will work.
REDONE, AGAIN = 3, {"40P01", "40001"}
ACKS = Spread(
    "kefu_ack_seconds", "From what a client asks to be written until that is committed, in seconds.", SECONDS
)
BATCHES = Spread("kefu_batch_units", "What was written in one transaction, in units.", NUMBERS)
QUEUES = Spread(
    "kefu_writer_queue_units", "What waited for the writer when it took a batch, in units.", NUMBERS
)

Answers = Sequence[Any]
# Takes many units within one transaction, each with its own answer, in the same order.
Commit = Callable[[Sequence[Any]], Answers]
# Is given the answer, or the exception that stands in its place.
Then = Callable[[Any], object]


class Later:
    """A unit's answer when its row is held by somebody else: it goes into the next batch."""


LATER = Later()


class Unit(msgspec.Struct):
    """One thing to write: which verb writes it, for whom, and who waits for the answer."""

    commit: Commit
    value: Any
    sender: str
    loop: asyncio.AbstractEventLoop
    then: Then
    until: float
    looks: int = 0

    def waits_no_longer(self, now: float) -> bool:
        """Asked each time that its row is held."""
        self.looks += 1
        return self.until < now and (self.looks >= FEWEST_LOOKS or self.until + AT_LONGEST < now)


@dataclass
class Queue:
    """Units by sender. A batch takes one of each in turn, so that nobody's burst makes others wait behind it."""

    by_sender: OrderedDict[str, deque[Unit]] = field(default_factory=OrderedDict)
    waiting: int = 0

    def add(self, unit: Unit) -> None:
        """Raises Busy when there is no room, for this sender or for anybody."""
        own = self.by_sender.get(unit.sender)
        if self.waiting >= MOST_WAITING or (own is not None and len(own) >= MOST_OF_ONE):
            raise Busy
        if own is None:
            self.by_sender[unit.sender] = deque((unit,))
        else:
            own.append(unit)
        self.waiting += 1

    def put_back(self, units: Iterable[Unit]) -> None:
        """In front of what the same sender asked for since."""
        for unit in reversed(list(units)):
            self.by_sender.setdefault(unit.sender, deque()).appendleft(unit)
            self.waiting += 1

    def take(self, most: int) -> list[Unit]:
        taken: list[Unit] = []
        while self.by_sender and len(taken) < most:
            for sender in list(self.by_sender)[: most - len(taken)]:
                own = self.by_sender[sender]
                taken.append(own.popleft())
                if not own:
                    del self.by_sender[sender]
        self.waiting -= len(taken)
        return taken


class Writer:
    """Started by the first unit; `close()` commits what waits and ends the thread."""

    def __init__(self) -> None:
        self._queue = Queue()
        self._lock = threading.Lock()
        self._has_work = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None

    async def __call__(self, commit: Commit, value: Any, *, sender: str) -> Any:
        """The unit's answer, once it is durable. Raises Busy; nothing was changed then."""
        answered = asyncio.get_running_loop().create_future()
        self.ask(commit, value, sender=sender, then=partial(_settle, answered))
        return await answered

    def ask(self, commit: Commit, value: Any, *, sender: str, then: Then) -> None:
        """As by calling it, without a task: `then` is called in the loop of whoever asks. Raises Busy if it is full."""
        unit = Unit(commit, value, sender, asyncio.get_running_loop(), then, time.monotonic() + PATIENCE)
        with self._lock:
            if self._closing:
                raise Busy
            self._queue.add(unit)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()
        # Whoever clears it takes all that is there afterwards.
        if not self._has_work.is_set():
            self._has_work.set()

    def close(self, seconds: float = 5.0) -> None:
        """Whoever waits is answered as far as the database answers within the seconds."""
        with self._lock:
            self._closing = True
            thread = self._thread
        self._has_work.set()
        if thread is not None:
            thread.join(seconds)

    def _run(self) -> None:
        # Where writers stand in a line, this one carries many people's messages and passes the others.
        first_in_line = getattr(connection, "first_in_line", contextlib.nullcontext)
        try:
            with first_in_line():
                while self._round():
                    pass
        finally:
            connections.close_all()

    def _round(self) -> bool:
        if not self._has_work.wait(RESTS_AFTER):
            # Nothing was said for a while: the next batch looks first whether its connection is still alive.
            close_old_connections()
            self._has_work.wait()
        self._has_work.clear()
        while units := self._take():
            try:
                answers = _answers(units)
            except Exception:
                # The thread outlives a mistake of ours, and nobody waits for ever.
                log.exception("writer_failed", extra={"units": len(units)})
                answers = [Busy()] * len(units)
            later = [unit for unit, answer in zip(units, answers, strict=True) if answer is LATER]
            _resolve(
                [(unit, answer) for unit, answer in zip(units, answers, strict=True) if answer is not LATER]
            )
            if later:
                with self._lock:
                    self._queue.put_back(later)
            if len(later) == len(units):
                time.sleep(LOOKS_EVERY)
        with self._lock:
            return not self._closing or self._queue.waiting > 0

    def _take(self) -> list[Unit]:
        with self._lock:
            waiting = self._queue.waiting
            taken = self._queue.take(LARGEST_BATCH)
        if taken:
            QUEUES.take(waiting)
            BATCHES.take(len(taken))
        return taken


def _answers(units: Sequence[Unit]) -> list[Any]:
    """An answer each: what the verb says, LATER, or the exception that its sender gets."""
    try:
        return _impatient(units, _together(units))
    except Busy as problem:
        return [problem] * len(units)
    except Exception as problem:  # noqa: BLE001 - each goes to whoever asked
        # One of them is refused by the database; alone, each shows which.
        log.warning("batch_refused", extra={"error": type(problem).__name__, "units": len(units)})
        return [_alone(unit) for unit in units]
    finally:
        # A connection that broke is closed here and opened again by the next batch.
        if connection.errors_occurred:
            close_old_connections()


def _alone(unit: Unit) -> Any:
    try:
        return _impatient([unit], _together([unit]))[0]
    except Exception as problem:  # noqa: BLE001 - it goes to whoever asked
        return problem


def _impatient(units: Sequence[Unit], answers: Answers) -> list[Any]:
    now = time.monotonic()
    return [
        Busy() if answer is LATER and unit.waits_no_longer(now) else answer
        for unit, answer in zip(units, answers, strict=True)
    ]


def _together(units: Sequence[Unit]) -> Answers:
    """One transaction for all, a call for each verb. Raises Busy when the database can't be asked."""
    tried = 0
    while True:
        tried += 1
        try:
            return _commit(units)
        except (OperationalError, InterfaceError) as problem:
            if not _may_work_again(problem):
                connection.close()
            elif tried < REDONE:
                continue
            raise Busy from problem


def _may_work_again(problem: Exception) -> bool:
    return getattr(problem.__cause__, "sqlstate", None) in AGAIN


def _commit(units: Sequence[Unit]) -> Answers:
    places: dict[Commit, list[int]] = {}
    for place, unit in enumerate(units):
        places.setdefault(unit.commit, []).append(place)
    answers: list[Any] = [None] * len(units)
    with transaction.atomic():
        for commit, wanted in places.items():
            values = [units[place].value for place in wanted]
            with ending() if len(places) == 1 else contextlib.nullcontext():
                found = commit(values)
            for place, answer in zip(wanted, found, strict=True):
                answers[place] = answer
        if all(answer is LATER for answer in answers):
            # What was counted on the way there need not reach the disk; it is looked at again in a moment.
            transaction.set_rollback(True)
    return answers


def _resolve(answered: Sequence[tuple[Unit, Any]]) -> None:
    """One wake-up for each loop, whatever the number of those who wait."""
    at = time.monotonic() + PATIENCE
    ACKS.take_all(at - unit.until for unit, answer in answered if not isinstance(answer, Exception))
    loops = {unit.loop for unit, _ in answered}
    for loop in loops:
        own = [(unit.then, answer) for unit, answer in answered if unit.loop is loop]
        # A loop that has ended has nobody left who waits.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_tell, own)


def _tell(answered: Sequence[tuple[Then, Any]]) -> None:
    for then, answer in answered:
        try:
            then(answer)
        except Exception:
            # The others wait for theirs.
            log.exception("answer_failed")


def _settle(future: asyncio.Future[Any], answer: Any) -> None:
    if future.done():
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
