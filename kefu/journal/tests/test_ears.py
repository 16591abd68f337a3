"""Ears alone: what they do with what the bell calls, from whatever thread."""

from __future__ import annotations

import asyncio
import threading

from kefu.journal.rings import Ear, WorkerEar
from kefu.journal.rings.bell import bell


def test_each_lease_is_given_to_the_loop_that_started_the_ear():
    told: list[tuple[dict[str, object], threading.Thread]] = []

    async def story() -> None:
        ear = Ear()
        await ear.start(lambda **_: None, lambda lease: told.append((lease, threading.current_thread())))
        for number in (1, 1, 2):
            await asyncio.to_thread(ear.hear_lease, {"who": number})
        await asyncio.sleep(0)
        await ear.stop()

    asyncio.run(story())
    assert told == [({"who": number}, threading.main_thread()) for number in (1, 1, 2)]


def test_a_ring_after_a_ring_and_one_during_it_are_heard_too():
    heard: list[int] = []

    async def story() -> None:
        ear = Ear()

        def hear(*, is_own: bool) -> None:
            heard.append(1)
            if len(heard) == 1:
                ear.hear_ring(is_own=is_own)

        await ear.start(hear, lambda _: None)
        ear.hear_ring(is_own=True)
        await asyncio.sleep(0.01)
        assert len(heard) == 2
        ear.hear_ring(is_own=True)
        await asyncio.sleep(0.01)
        await ear.stop()

    asyncio.run(story())
    assert len(heard) == 3


def test_a_burst_of_rings_is_one_of_this_process_and_one_of_the_others():
    heard: list[bool] = []

    async def story() -> None:
        ear = Ear()
        await ear.start(lambda *, is_own: heard.append(is_own), lambda _: None)
        for is_own in (True, False, True, False):
            ear.hear_ring(is_own=is_own)
        await asyncio.sleep(0.01)
        await ear.stop()

    asyncio.run(story())
    assert heard == [True, False]


def test_an_ear_hears_while_it_is_started_and_calls_nobody_after():
    heard: list[object] = []

    async def story() -> None:
        ear = Ear()
        ear.hear_lease({"who": 1})
        await ear.start(lambda **_: heard.append("ring"), heard.append)
        assert ear in bell()._hearers

        await ear.stop()
        assert ear not in bell()._hearers
        # The bell may have had it in hand.
        ear.hear_lease({"who": 2})
        await asyncio.sleep(0.01)

    asyncio.run(story())
    assert heard == []


def test_an_ear_whose_loop_has_closed_lets_go_of_it():
    ear = Ear()
    asyncio.run(ear.start(lambda **_: None, lambda _: None))
    assert ear._loop is not None

    ear.hear_lease({"who": 1})

    assert ear._loop is None
    asyncio.run(ear.stop())


def test_a_worker_hears_while_it_is_started():
    ear = WorkerEar()
    ear.start()
    assert ear in bell()._hearers

    ear.stop()

    assert ear not in bell()._hearers
