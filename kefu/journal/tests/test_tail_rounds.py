"""Single rounds of a tail: when it asks for what is missing, how long it pauses, and what it leaves behind."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest
from django.db import connection, connections

from kefu.journal import reading
from kefu.journal.models import Entry
from kefu.journal.place import Gap, Place
from kefu.journal.tail import Tail
from kefu.journal.tests.facts import DEADLINE, happen, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


async def nobody(_: list[Entry]) -> None:
    return


def away(*_: Any, **__: Any) -> None:
    raise ConnectionError


@pytest.fixture
def tail() -> Tail:
    return Tail(nobody)


def behind(*gaps: Gap) -> Place:
    """Behind all that is written, with these gaps. Ids begin anywhere, so that something must be written first."""
    happen()
    return Place(reading.present_place().cursor, gaps)


def a_gap(*, seconds_old: float) -> Gap:
    """One whose transactions have all ended; no id is 0."""
    return Gap(0, 0, ceiling=0, seen_at=time.time() - seconds_old)


def test_an_old_gap_is_asked_for_and_forgotten_once_a_second(tail):
    tail._place = behind(a_gap(seconds_old=20))
    tail._asked_at = asked_at = time.time() - 0.5
    tail._look()
    assert (len(tail._place.gaps), tail._asked_at) == (1, asked_at)

    tail._asked_at, before = time.time() - 1.5, time.time()
    tail._look()

    assert tail._place.gaps == ()
    assert tail._asked_at >= before


def test_a_round_that_left_something_forgets_no_gap(tail, monkeypatch):
    monkeypatch.setattr("kefu.journal.tail.LIMIT", 2)
    tail._place = behind(a_gap(seconds_old=8))
    entries = [happen() for _ in range(3)]

    tail._look()
    assert (tail.cursor, len(tail._place.gaps), tail._asked_at) == (entries[1].pk, 1, 0.0)
    tail._look()

    assert (tail.cursor, tail._place.gaps) == (entries[2].pk, ())


def test_a_round_takes_a_thousand(tail):
    tail._place = behind()
    Entry.objects.bulk_create(Entry(kind="journal.tested", actor_kind="system") for _ in range(1001))

    assert [len(batch.entries) for batch in (tail._look(), tail._look()) if batch] == [1000, 1]


def test_pauses_grow_while_the_database_is_away_and_what_is_open_is_given_up(tail, monkeypatch, caplog):
    tail._look()
    monkeypatch.setattr("kefu.journal.tail.read", away)
    pauses = []
    for _ in range(8):
        connection.ensure_connection()
        tail._look()
        pauses.append(tail._pause)
        assert connection.connection is None
        assert not tail.is_well

    monkeypatch.setattr("kefu.journal.tail.read", reading.read)
    tail._look()

    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    assert tail.is_well
    assert [record.message for record in caplog.records] == ["tail_lost_database", "tail_recovered"]


@pytest.mark.slow
def test_a_tail_without_its_database_looks_again_after_a_pause_only(tail, monkeypatch):
    looks = []

    def away_again(*_: Any, **__: Any) -> None:
        looks.append(time.monotonic())
        raise ConnectionError

    monkeypatch.setattr("kefu.journal.tail.read", away_again)

    async def story() -> None:
        running = asyncio.create_task(tail.run())
        await asyncio.sleep(0.4)
        await tail.stop()
        await running

    asyncio.run(story())
    # At once, and after 0.1 and 0.2 seconds more; the next pause of 0.4 is cut short by the end.
    assert 1 <= len(looks) <= 3


def test_a_delivery_that_failed_is_written_down_with_what_was_in_it(caplog):
    async def refuse(_: list[Entry]) -> None:
        raise ValueError

    asyncio.run(Tail(refuse)._give([Entry(pk=7), Entry(pk=9)]))

    (record,) = caplog.records
    told = vars(record)
    assert (record.message, told["first"], told["entries"]) == ("delivery_failed", 7, 2)


@pytest.mark.slow
def test_it_looks_each_second_if_nobody_says_otherwise(tail):
    async def waited() -> float:
        began_at = tail._looked_at = time.monotonic()
        await tail._wait()
        return time.monotonic() - began_at

    assert 0.9 < asyncio.run(waited()) < 1.9


@pytest.mark.slow
def test_a_ring_does_not_shorten_a_pause_and_stopping_does(tail):
    tail._pause = 0.3

    async def waited() -> float:
        began_at = time.monotonic()
        await tail._wait()
        return time.monotonic() - began_at

    tail.wake()
    assert asyncio.run(waited()) > 0.25

    tail._pause = DEADLINE
    tail._stopping.set()
    assert asyncio.run(waited()) < DEADLINE / 2


def tails() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("tail")]


class Slow:
    """A read that has begun, and ends when the test says so; with the connection that it used."""

    def __init__(self) -> None:
        self.has_begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self, *given: Any, **values: Any) -> reading.Batch:
        batch = reading.read(*given, **values)
        self.used = connections["default"]
        assert self.used.connection is not None
        self.has_begun.set()
        self.may_end.wait(DEADLINE)
        return batch


@pytest.fixture
def slow(monkeypatch) -> Slow:
    read = Slow()
    monkeypatch.setattr("kefu.journal.tail.read", read)
    return read


def test_stopping_ends_the_round_and_then_the_thread_and_its_connection(slow):
    async def story() -> None:
        tail = Tail(nobody)
        running = asyncio.create_task(tail.run())
        await asyncio.to_thread(slow.has_begun.wait, DEADLINE)
        assert len(tails()) == 1
        stopping = asyncio.create_task(tail.stop())
        await asyncio.sleep(0.05)
        assert not stopping.done()

        slow.may_end.set()
        async with asyncio.timeout(DEADLINE):
            await stopping
            assert not tails()
            await running

    asyncio.run(story())
    assert slow.used.connection is None


def test_a_run_that_is_cancelled_ends_at_once_and_its_thread_after_its_query(slow, tail):
    async def story() -> None:
        running = asyncio.create_task(tail.run())
        await asyncio.to_thread(slow.has_begun.wait, DEADLINE)
        began_at = time.monotonic()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert time.monotonic() - began_at < DEADLINE / 2
        slow.may_end.set()

    asyncio.run(story())
    wait_until(lambda: not tails())
    assert slow.used.connection is None
