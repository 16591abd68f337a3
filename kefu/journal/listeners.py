"""What follows from what happened: each listener reads the journal from its own durable cursor.

At least once, in order within a conversation. What a listener changes in the database commits together with
its cursor, so for that it is exactly once; anything else it does must bear being done twice. It changes rows
or enqueues tasks and never talks to a network.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.utils.timezone import now

from kefu.journal.models import DeadLetter, Entry, ListenerCursor
from kefu.journal.place import Gap, Place, gaps_as_json, gaps_from_json
from kefu.journal.reading import Batch, read

log = logging.getLogger("kefu.journal")

LIMIT = 500
# Others wait for the database while entries are followed; on SQLite all writers of the house.
SECONDS_A_TRANSACTION = 0.03
TRIES = 8
LONGEST_PAUSE = 60.0
# A cursor that only passed over other kinds is written this seldom; reading them again costs little.
IDLE_SAVE_EVERY = 5.0


@dataclass(frozen=True)
class Listener:
    """`run` is called with each entry of these kinds to which `concerns`, which looks at nothing but the entry and never
    raises, says yes; `name` keeps its cursor and must never change.
    """

    name: str
    kinds: Collection[str]
    run: Callable[[Entry], None]
    concerns: Callable[[Entry], bool] = lambda _: True

    def wants(self, entry: Entry) -> bool:
        return entry.kind in self.kinds and self.concerns(entry)


class Listeners:
    """Runs listeners in one thread, one after the other; several processes may do so at once."""

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self._followers = [_Follower(listener) for listener in listeners]

    def step(self) -> bool:
        """One look at the journal for each listener; whether there is more to do at once.

        Raises the database's own errors when it is away.
        """
        reads = _Reads()
        more = [follower.step(reads) for follower in self._followers]
        return any(more)


class _Reads:
    """Listeners are mostly at the same place; they share one query a round."""

    def __init__(self) -> None:
        self._batches: dict[tuple[Place, tuple[Gap, ...]], Batch] = {}

    def batch(self, place: Place, gaps: tuple[Gap, ...]) -> Batch:
        key = (place, gaps)
        if key not in self._batches:
            self._batches[key] = read(place, gaps=gaps, limit=LIMIT)
        return self._batches[key]


class _Moved(Exception):
    """Another process followed in the meantime, or is doing so now."""


class _Follower:
    """One listener in this process. `saved` is the place that the row had when it was last seen here."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.place: Place | None = None
        self.saved = Place()
        self.saved_at = 0.0
        self.asked_at = 0.0
        self.rests_until = 0.0
        self.current: Entry | None = None

    def step(self, reads: _Reads) -> bool:
        if time.time() < self.rests_until:
            return False
        try:
            return self._follow(reads)
        except _Moved:
            self.place = None
            return False

    def _follow(self, reads: _Reads) -> bool:
        place = self.place or self._load()
        at = time.time()
        gaps = place.to_ask(asked_at=self.asked_at, at=at)
        batch = reads.batch(place, gaps)
        is_settling = batch.is_whole and len(gaps) == len(place.gaps)
        if is_settling:
            self.asked_at = at
        wanted = [entry for entry in batch.entries if self.listener.wants(entry)]
        work = _Work(batch, place, wanted, is_settling)
        if wanted:
            return self._follow_all(work) or not batch.is_whole
        self._pass_over(work.place_after(None))
        return not batch.is_whole

    def _load(self) -> Place:
        row, _ = ListenerCursor.objects.get_or_create(listener=self.listener.name)
        self.place = self.saved = _place_of(row)
        self.rests_until = row.retry_at.timestamp() if row.retry_at else 0.0
        return self.place

    def _pass_over(self, place: Place) -> None:
        """Nothing to do up to here."""
        self.place = place
        at = time.monotonic()
        if place == self.saved or at - self.saved_at < IDLE_SAVE_EVERY:
            return
        with transaction.atomic():
            self._save(self._locked(), place)
        self.saved, self.saved_at = place, at

    def _follow_all(self, work: _Work) -> bool:
        """Follow as many as one transaction should hold; whether some are left for the next time."""
        wanted = work.wanted
        while True:
            try:
                return self._unit(wanted, work) or wanted != work.wanted
            except _Moved:
                raise
            except Exception as problem:  # noqa: BLE001 - whatever it is, it is tried again and then put aside
                _raise_if_lost(problem)
                failed = self.current or wanted[0]
                wanted = wanted[: wanted.index(failed)]
                if not wanted:
                    return self._failed(failed, work, problem)

    def _unit(self, wanted: Sequence[Entry], work: _Work) -> bool:
        """Run the listener and move the cursor, both or neither; whether some of these were left."""
        # A database that refuses the cursor fails before any entry is run, and the last one of before is not to blame.
        self.current = None
        with transaction.atomic():
            row = self._locked()
            done = self._run_some(wanted)
            place = work.place_after(done)
            self._save(row, place)
        self._stand_at(place)
        return done is not wanted[-1]

    def _run_some(self, wanted: Sequence[Entry]) -> Entry:
        began_at = time.monotonic()
        for entry in wanted:
            self.current = entry
            self.listener.run(entry)
            if time.monotonic() - began_at > SECONDS_A_TRANSACTION:
                break
        return entry

    def _failed(self, entry: Entry, work: _Work, problem: Exception) -> bool:
        """Try again after a pause; after the last try put the entry aside and go on behind it at once."""
        with transaction.atomic():
            row = self._locked()
            tries = row.tries + 1 if row.stuck_id == entry.pk else 1
            extra = {"listener": self.listener.name, "entry": entry.pk, "tries": tries}
            if tries < TRIES:
                pause = timedelta(seconds=min(LONGEST_PAUSE, 2.0 ** (tries - 1)))
                row.stuck_id, row.tries, row.retry_at = entry.pk, tries, now() + pause
                row.save(update_fields=["stuck_id", "tries", "retry_at"])
                self.rests_until = row.retry_at.timestamp()
                log.warning("listener_failed", extra=extra, exc_info=problem)
                return False
            put_aside(self.listener.name, entry.pk, problem)
            place = work.place_after(entry)
            self._save(row, place)
        self._stand_at(place)
        log.error("listener_gave_up", extra=extra, exc_info=problem)
        return True

    def _locked(self) -> ListenerCursor:
        """The cursor's row, ours until commit. Raises _Moved if another process has it or has moved it."""
        can_skip = connection.features.has_select_for_update_skip_locked
        rows = ListenerCursor.objects.select_for_update(skip_locked=can_skip)
        row = rows.filter(listener=self.listener.name).first()
        if row is None or _place_of(row) != self.saved:
            raise _Moved
        if row.retry_at and row.retry_at > now():
            raise _Moved
        return row

    def _save(self, row: ListenerCursor, place: Place) -> None:
        row.position, row.gaps = place.cursor, gaps_as_json(place.gaps)
        # A late entry may be followed while a later one is stuck; that one keeps its count.
        if row.stuck_id is not None and not place.wants(row.stuck_id):
            row.stuck_id, row.tries, row.retry_at = None, 0, None
        row.save(update_fields=["position", "gaps", "stuck_id", "tries", "retry_at"])

    def _stand_at(self, place: Place) -> None:
        self.place = self.saved = place
        self.saved_at = time.monotonic()


@dataclass(frozen=True)
class _Work:
    """A batch, what the listener wants of it, and the place at which it was read."""

    batch: Batch
    place: Place
    wanted: Sequence[Entry]
    is_settling: bool

    def place_after(self, done: Entry | None) -> Place:
        """The place when this entry and all before it are done, and what nobody wants behind it."""
        entries, moment = self.batch.entries, self.batch.moment
        is_all = done is None or done is self.wanted[-1]
        until = len(entries) if done is None or is_all else entries.index(done) + 1
        place = self.place.take_all([entry.pk for entry in entries[:until]], moment)
        return place.settle(moment) if self.is_settling and is_all else place


def put_aside(listener: str, entry_id: int, problem: Exception) -> None:
    """Keep what could not be followed: ids and the error's type."""
    error = f"{type(problem).__module__}.{type(problem).__qualname__}"[:200]
    DeadLetter.objects.update_or_create(
        listener=listener, entry_id=entry_id, defaults={"error": error, "put_aside_at": now()}
    )


def follow_dead_letters(listeners: Iterable[Listener]) -> int:
    """Try once more what was put aside; the number of those that succeeded and are put aside no longer."""
    known = {listener.name: listener for listener in listeners}
    letters = DeadLetter.objects.filter(listener__in=known).order_by("id")
    return sum(_follow_again(known[letter.listener], letter) for letter in letters)


def _follow_again(listener: Listener, letter: DeadLetter) -> bool:
    try:
        with transaction.atomic():
            listener.run(Entry.objects.get(pk=letter.entry_id))
            letter.delete()
    except Exception as problem:
        _raise_if_lost(problem)
        log.warning("dead_letter_failed", extra={"letter": letter.pk}, exc_info=problem)
        return False
    return True


def _place_of(row: ListenerCursor) -> Place:
    return Place(row.position, gaps_from_json(row.gaps))


def _raise_if_lost(problem: Exception) -> None:
    """A database that went away is no failure of the listener."""
    if isinstance(problem, OperationalError | InterfaceError) and not _is_reachable():
        raise problem


def _is_reachable() -> bool:
    try:
        connection.ensure_connection()
        return connection.is_usable()
    except Error:
        return False
