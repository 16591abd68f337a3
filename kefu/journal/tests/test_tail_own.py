"""What this process has recorded itself its tail takes without a look into the database; for all else it looks."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from kefu.journal.models import Entry
from kefu.journal.place import Gap, Place
from kefu.journal.reading import Batch, close_quietly, present_place
from kefu.journal.recent import recent
from kefu.journal.tail import Tail
from kefu.journal.tests.facts import happen

pytestmark = pytest.mark.django_db(transaction=True)
NEVER = 60.0
FIELDS = [field.attname for field in Entry._meta.concrete_fields]


class Rounds:
    """A tail that is asked for single rounds, how often it looked, and what it has delivered."""

    def __init__(self, *, heartbeat: float = NEVER) -> None:
        self.delivered: list[Entry] = []
        self.looked_at: list[float] = []
        self.tail = Tail(self.deliver, heartbeat=heartbeat)
        look = self.tail._look

        def counted() -> Batch | None:
            self.looked_at.append(time.monotonic())
            return look()

        self.tail._look = counted  # type: ignore[method-assign]

    async def deliver(self, entries: list[Entry]) -> None:
        self.delivered += entries

    def round(self) -> bool:
        return asyncio.run(self.tail._round())

    @property
    def looks(self) -> int:
        return len(self.looked_at)

    @property
    def ids(self) -> list[int]:
        return [entry.pk for entry in self.delivered]


@pytest.fixture
def rounds():
    """At the end of the journal; ids begin anywhere, so that something must be written first."""
    happen()
    made = Rounds()
    recent.begin()
    made.round()
    # What others' tests have left out may be missing.
    made.tail._place = Place(made.tail.cursor)
    made.looked_at.clear()
    yield made
    recent.end()
    made.tail._thread.submit(close_quietly)
    made.tail._thread.shutdown()


def ring(rounds: Rounds, *, is_own: bool) -> bool:
    rounds.tail.wake(is_own=is_own)
    return rounds.round()


def test_what_this_process_has_recorded_is_delivered_without_a_look(rounds):
    recorded = [happen(conversation_id=7, seq=seq) for seq in (1, 2)]

    assert not ring(rounds, is_own=True)

    assert (rounds.ids, rounds.looks) == ([entry.pk for entry in recorded], 0)
    assert rounds.tail.cursor == recorded[-1].pk
    # It is what a look would have given.
    for own, read in zip(
        rounds.delivered, Entry.objects.filter(conversation_id=7).order_by("pk"), strict=True
    ):
        assert {name: getattr(own, name) for name in FIELDS} == {name: getattr(read, name) for name in FIELDS}


def test_after_a_ring_of_another_process_it_looks_once(rounds):
    first = happen()
    ring(rounds, is_own=False)
    assert (rounds.ids, rounds.looks) == ([first.pk], 1)

    second = happen()
    ring(rounds, is_own=True)
    assert (rounds.ids, rounds.looks) == ([first.pk, second.pk], 1)


def test_what_was_recorded_elsewhere_between_is_looked_for_at_once(rounds):
    first = happen()
    recent.end()
    elsewhere = happen()
    recent.begin()
    recent.keep([first])
    last = happen()

    # There is more than what was given without a look.
    assert ring(rounds, is_own=True)
    assert (rounds.ids, rounds.looks) == ([first.pk], 0)
    rounds.round()
    assert (rounds.ids, rounds.looks) == ([first.pk, elsewhere.pk, last.pk], 1)


def test_it_looks_at_each_heartbeat_whatever_it_is_told(rounds):
    rounds.tail._looked_at -= NEVER
    entry = happen()

    ring(rounds, is_own=True)

    assert (rounds.ids, rounds.looks) == ([entry.pk], 1)


def test_what_comes_without_a_look_puts_off_none(rounds):
    looked_at = rounds.tail._looked_at
    happen()
    ring(rounds, is_own=True)
    assert rounds.tail._looked_at == looked_at

    async def waited() -> None:
        rounds.tail._looked_at = time.monotonic() - NEVER + 0.2
        await asyncio.wait_for(rounds.tail._wait(), NEVER / 2)

    asyncio.run(waited())


def test_while_something_is_missing_it_looks(rounds):
    rounds.tail._place = Place(present_place().cursor, (Gap(0, 0, ceiling=1 << 60, seen_at=0.0),))
    entry = happen()

    ring(rounds, is_own=True)

    assert (rounds.ids, rounds.looks) == ([entry.pk], 1)


def test_after_the_database_was_away_it_looks(rounds):
    rounds.tail._pause = 0.1
    entry = happen()

    ring(rounds, is_own=True)

    assert (rounds.ids, rounds.looks) == ([entry.pk], 1)


def test_what_was_kept_is_forgotten_when_the_database_was_away(rounds, monkeypatch):
    happen()
    monkeypatch.setattr("kefu.journal.tail.read", None)

    ring(rounds, is_own=False)

    assert recent.after(rounds.tail.cursor, 10) == ([], True)


def test_a_running_tail_keeps_what_is_recorded_and_lets_go_of_it_at_its_end():
    async def nobody(_: list[Entry]) -> None:
        return

    async def story() -> None:
        tail = Tail(nobody)
        running = asyncio.create_task(tail.run())
        while not tail.is_well:
            await asyncio.sleep(0.005)
        recent.keep([Entry(pk=5), Entry(pk=7)])
        assert [entry.pk for entry in recent.after(4, 10)[0]] == [5]
        await tail.stop()
        await running

    asyncio.run(story())
    assert recent.after(4, 10) == ([], True)


def test_a_moment_is_kept_as_the_database_gives_it_back():
    at = datetime(2026, 5, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    entry = happen(occurred_at=at)

    assert entry.occurred_at.isoformat() == "2026-05-01T00:00:00+00:00"
    assert entry.occurred_at.tzinfo is UTC
