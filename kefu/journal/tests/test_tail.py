from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from django.db import connection

from kefu.journal import reading
from kefu.journal.models import Entry
from kefu.journal.place import Place
from kefu.journal.tail import Tail
from kefu.journal.tests.facts import DEADLINE, Happened, elsewhere, happen, only_postgresql

pytestmark = pytest.mark.django_db(transaction=True)
# No heartbeat within a test that does not ask for one: what comes, comes at the ring.
NEVER = 60.0


class Followed:
    """A running tail and what it has delivered."""

    def __init__(self, *, heartbeat: float) -> None:
        self.ids: list[int] = []
        self.batches: list[int] = []
        self.came = asyncio.Event()
        self.tail = Tail(self.deliver, heartbeat=heartbeat)

    async def deliver(self, entries: list[Entry]) -> None:
        self.ids += [entry.pk for entry in entries]
        self.batches.append(len(entries))
        self.came.set()

    async def has(self, *ids: int) -> None:
        """Ring, and wait until all of these have come."""
        self.tail.wake()
        async with asyncio.timeout(DEADLINE):
            while not set(ids) <= set(self.ids):
                self.came.clear()
                await self.came.wait()

    async def looked(self) -> None:
        """Two rounds more have been made, so that the last began after now."""
        for _ in range(2):
            self.tail.wake()
            await asyncio.sleep(0.05)


def follow(story: Callable[[Followed], Awaitable[None]], *, heartbeat: float = NEVER) -> Followed:
    async def told() -> Followed:
        followed = Followed(heartbeat=heartbeat)
        running = asyncio.create_task(followed.tail.run())
        async with asyncio.timeout(DEADLINE):
            while not followed.tail.is_well:
                await asyncio.sleep(0.005)
        try:
            await story(followed)
        finally:
            await followed.tail.stop()
            await running
        return followed

    return asyncio.run(told())


async def do(action: Callable[..., object], *args: object, **values: object) -> object:
    return await asyncio.to_thread(_closing(action), *args, **values)


def _closing(action: Callable[..., object]) -> Callable[..., object]:
    def closing(*args: object, **values: object) -> object:
        try:
            return action(*args, **values)
        finally:
            connection.close()

    return closing


def test_what_is_recorded_after_the_start_is_delivered_in_order_and_once():
    happen()

    async def story(followed: Followed) -> None:
        entries = [await do(happen) for _ in range(3)]
        await followed.has(*[entry.pk for entry in entries])
        await followed.looked()
        assert followed.ids == [entry.pk for entry in entries]
        assert followed.tail.cursor == entries[-1].pk

    follow(story)


def test_entries_come_with_their_values():
    got: list[Entry] = []

    async def story(followed: Followed) -> None:
        followed.tail._deliver = lambda entries: _keep(got, entries, followed)
        entry = await do(happen, conversation_id=7, seq=1, subject_id=3)
        await followed.has(entry.pk)

    follow(story)
    kept = Entry.objects.get(pk=got[0].pk)
    assert got[0].payload == {}
    assert (got[0].conversation_id, got[0].seq, got[0].kind) == (7, 1, Happened.kind)
    assert got[0].recorded_at == kept.recorded_at


async def _keep(got: list[Entry], entries: list[Entry], followed: Followed) -> None:
    got.extend(entries)
    await followed.deliver(entries)


def test_a_lost_ring_is_repaired_by_the_heartbeat():
    async def story(followed: Followed) -> None:
        entry = await do(happen)
        async with asyncio.timeout(DEADLINE):
            await followed.came.wait()
        assert followed.ids == [entry.pk]

    follow(story, heartbeat=0.1)


def test_a_burst_larger_than_a_round_comes_at_one_ring(monkeypatch):
    monkeypatch.setattr("kefu.journal.tail.LIMIT", 3)

    async def story(followed: Followed) -> None:
        entries = [await do(happen) for _ in range(8)]
        await followed.has(*[entry.pk for entry in entries])
        assert max(followed.batches) <= 3

    follow(story)


def test_a_delivery_that_fails_does_not_end_the_tail():
    async def story(followed: Followed) -> None:
        deliver, followed.tail._deliver = followed.tail._deliver, _refuse
        await do(happen)
        await followed.looked()
        followed.tail._deliver = deliver
        entry = await do(happen)
        await followed.has(entry.pk)

    follow(story)


async def _refuse(entries: list[Entry]) -> None:
    raise ValueError


@pytest.mark.slow
def test_the_tail_goes_on_where_it_was_when_the_database_comes_back(monkeypatch, caplog):
    async def story(followed: Followed) -> None:
        monkeypatch.setattr("kefu.journal.tail.read", _lost)
        entry = await do(happen)
        await followed.looked()
        async with asyncio.timeout(DEADLINE):
            while followed.tail.is_well:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        monkeypatch.setattr("kefu.journal.tail.read", reading.read)
        await followed.has(entry.pk)

    follow(story)
    assert [record.message for record in caplog.records].count("tail_lost_database") == 1


def _lost(*args: object, **values: object) -> None:
    raise ConnectionError


def test_a_tail_that_nobody_rings_rests():
    async def story(followed: Followed) -> None:
        looks: list[None] = []
        look = followed.tail._look
        followed.tail._look = lambda: looks.append(None) or look()
        followed.tail.wake()
        await asyncio.sleep(0.2)
        # One round for the ring, and at most one that was under way.
        assert 1 <= len(looks) <= 2

    follow(story)


def test_a_tail_that_was_never_run_knows_nothing_and_can_be_stopped():
    tail = Tail(_refuse)
    assert (tail.cursor, tail.is_well) == (0, False)

    async def stopped() -> None:
        async with asyncio.timeout(DEADLINE):
            await tail.stop()

    asyncio.run(stopped())


def test_a_journal_without_entries_is_followed_from_its_beginning(caplog):
    tail = Tail(_refuse)
    tail._look()

    assert (tail.cursor, tail.is_well) == (0, True)
    assert reading.present_place() == Place()
    assert not caplog.records


def test_a_connection_is_given_up_quietly(monkeypatch):
    connection.ensure_connection()
    reading.close_quietly()
    assert connection.connection is None

    connection.ensure_connection()
    opened = connection.connection
    with monkeypatch.context() as patched:
        patched.setattr(connection, "close", _lost)
        reading.close_quietly()
    assert connection.connection is None
    opened.close()


def test_an_idle_round_is_one_query(django_assert_num_queries):
    happen()
    tail = Tail(_refuse)
    tail._look()

    with django_assert_num_queries(1):
        tail._look()


@only_postgresql
def test_a_transaction_that_commits_late_is_delivered_and_delays_nobody():
    async def story(followed: Followed) -> None:
        with elsewhere() as other:
            late = await do(other.record)
            entry = await do(happen)
            await followed.has(entry.pk)
            assert followed.ids == [entry.pk]
            await do(other.commit)
            await followed.has(late)
        await followed.looked()
        assert followed.ids == [entry.pk, late]

    follow(story)


@only_postgresql
def test_a_late_commit_is_found_while_a_transaction_elsewhere_stays_open():
    async def story(followed: Followed) -> None:
        with elsewhere() as stays_open, elsewhere() as other:
            await do(stays_open.record)
            late = await do(other.record)
            entry = await do(happen)
            began_at = time.monotonic()
            await followed.has(entry.pk)
            await do(other.commit)
            await followed.has(late)
            assert time.monotonic() - began_at < 1.0

    follow(story)


@only_postgresql
def test_a_transaction_under_way_at_the_start_is_not_lost():
    with elsewhere() as other:
        late = other.record()
        happen()

        async def story(followed: Followed) -> None:
            await followed.looked()
            assert followed.ids == []
            await do(other.commit)
            await followed.has(late)

        follow(story)


@only_postgresql
def test_the_first_entry_of_all_may_be_under_way_at_the_start():
    with elsewhere() as other:
        late = other.record()

        async def story(followed: Followed) -> None:
            await do(other.commit)
            await followed.has(late)

        follow(story)


@only_postgresql
def test_a_gap_that_was_rolled_back_is_forgotten(monkeypatch):
    monkeypatch.setattr("kefu.journal.place.KEPT_FOR", 0.0)

    async def story(followed: Followed) -> None:
        with elsewhere() as other:
            await do(other.record)
            entry = await do(happen)
            await followed.has(entry.pk)
            assert followed.tail._place.gaps
            await do(other.roll_back)
        # Numbers belong to the whole cluster: what others have open there keeps the gap, as the tests of a module beside this
        # one may, which share their rows.
        async with asyncio.timeout(DEADLINE * 12):
            while followed.tail._place.gaps:
                await followed.looked()

    follow(story)


@only_postgresql
def test_a_killed_connection_is_replaced():
    async def story(followed: Followed) -> None:
        # It knows its place a moment before it asks for the first time.
        async with asyncio.timeout(DEADLINE):
            while not await do(_kill_the_tails):
                await asyncio.sleep(0.05)
        entry = await do(happen)
        await followed.has(entry.pk)

    follow(story)


def _kill_the_tails() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%AS late%'"
        )
        return len(cursor.fetchall())


@only_postgresql
@pytest.mark.slow
def test_many_writers_at_once_lose_nothing_and_keep_the_order_of_each():
    async def story(followed: Followed) -> None:
        stopping = asyncio.Event()
        ringing = asyncio.create_task(_ring_for_ever(followed, stopping))
        written = await asyncio.gather(*[do(_write_many, conversation) for conversation in range(1, 7)])
        await followed.has(*[entry_id for ids in written for entry_id in ids])
        stopping.set()
        await ringing
        assert sorted(followed.ids) == sorted(entry_id for ids in written for entry_id in ids)
        for ids in written:
            assert [entry_id for entry_id in followed.ids if entry_id in set(ids)] == ids

    follow(story)


async def _ring_for_ever(followed: Followed, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        followed.tail.wake()
        await asyncio.sleep(0.002)


def _write_many(conversation: int) -> list[int]:
    ids = []
    for seq in range(60):
        with elsewhere() as writer:
            entry_id = writer.record(conversation_id=conversation, seq=seq)
            if seq % 7 == conversation % 7:
                writer.roll_back()
            else:
                ids.append(entry_id)
                writer.commit()
    return ids
