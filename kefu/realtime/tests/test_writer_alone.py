"""Single rounds of the writer, without its thread: what it counts, how long it waits, and when it closes its connection."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection, connections

from kefu.background.meters import METERS
from kefu.config.sqlite.line import _place
from kefu.realtime import writer as module
from kefu.realtime.database import Busy
from kefu.realtime.tests.clients import told
from kefu.realtime.writer import LATER, Queue, Unit, Writer
from kefu.safety.models import Counter

pytestmark = pytest.mark.django_db(transaction=True)


def kept(values: Sequence[str]) -> list[str]:
    return [f"kept {value}" for value in values]


def refused(values: Sequence[str]) -> list[str]:
    raise OperationalError


def unit(name: str = "a", *, commit: Any = kept, sender: str = "", until: float | None = None) -> Unit:
    loop = asyncio.new_event_loop()
    loop.close()
    at = time.monotonic() + 2 if until is None else until
    return Unit(commit, name, sender or name, loop, lambda _: pytest.fail("Its loop has ended."), at)


def test_a_unit_is_given_up_when_its_time_is_over_and_it_was_looked_for_often_enough() -> None:
    held = unit(until=100.0)
    assert [held.waits_no_longer(now) for now in (99.0, 100.0, 101.0)] == [False] * 3
    held.looks = 48
    assert [held.waits_no_longer(now) for now in (101.0, 101.0)] == [False, True]
    held.looks = 48
    assert not held.waits_no_longer(101.0)
    assert not held.waits_no_longer(100.0)

    fresh = unit(until=100.0)
    assert [fresh.waits_no_longer(101.0) for _ in range(50)] == [False] * 49 + [True]

    slow = unit(until=100.0)
    assert [slow.waits_no_longer(now) for now in (105.0, 105.1)] == [False, True]


def test_of_one_sender_fifty_wait_and_of_all_two_thousand() -> None:
    queue = Queue()
    for number in range(50):
        queue.add(unit(str(number), sender="flood"))
    with pytest.raises(Busy):
        queue.add(unit(sender="flood"))
    for number in range(1950):
        queue.add(unit(str(number)))
    with pytest.raises(Busy):
        queue.add(unit("one more"))

    assert queue.waiting == 2000


def test_a_batch_takes_one_of_each_sender_in_turn_and_no_more_than_asked_for() -> None:
    queue = Queue()
    for name in ("a1", "a2", "a3", "b1", "b2", "c1"):
        queue.add(unit(name, sender=name[0]))

    assert [one.value for one in queue.take(5)] == ["a1", "b1", "c1", "a2", "b2"]
    assert (queue.waiting, list(queue.by_sender)) == (1, ["a"])
    assert [one.value for one in queue.take(5)] == ["a3"]
    assert (queue.waiting, list(queue.by_sender)) == (0, [])


def test_a_batch_ends_in_the_middle_of_a_round_when_it_is_full() -> None:
    queue = Queue()
    for name in ("a1", "b1", "c1", "a2", "b2", "c2"):
        queue.add(unit(name, sender=name[0]))

    assert [one.value for one in queue.take(4)] == ["a1", "b1", "c1", "a2"]


def test_what_was_put_back_counts_as_waiting() -> None:
    queue = Queue()
    queue.put_back([unit("a", sender="x"), unit("b", sender="x")])

    assert queue.waiting == 2
    assert [one.value for one in queue.take(1)] == ["a"]
    assert queue.waiting == 1


def test_a_batch_is_five_hundred_and_twelve_and_counted_with_what_waited() -> None:
    writer = Writer()
    for number in range(513):
        writer._queue.add(unit(str(number)))
    before = spreads()

    assert [len(writer._take()) for _ in range(3)] == [512, 1, 0]

    assert grown(before, "kefu_writer_queue_units") == (2, 514)
    assert grown(before, "kefu_batch_units") == (2, 513)


def test_what_was_answered_is_counted_by_how_long_it_took_and_errors_are_not() -> None:
    before = spreads()

    module._resolve([(unit(until=time.monotonic() + 2 - 0.5), "kept"), (unit(), Busy())])

    number, seconds = grown(before, "kefu_ack_seconds")
    assert number == 1
    assert 0.5 <= seconds < 0.9


def spreads() -> dict[str, Any]:
    names = ("kefu_writer_queue_units", "kefu_batch_units", "kefu_ack_seconds")
    return {name: METERS[name].read() for name in names}


def grown(before: dict[str, Any], name: str) -> tuple[int, float]:
    now = METERS[name].read()
    return sum(now["counts"]) - sum(before[name]["counts"]), now["sum"] - before[name]["sum"]


def test_whoever_waits_in_a_loop_that_has_ended_holds_up_nobody() -> None:
    async def story() -> str:
        answer = asyncio.get_running_loop().create_future()
        here = Unit(kept, "b", "b", asyncio.get_running_loop(), answer.set_result, 0.0)
        module._resolve([(unit("a"), "kept a"), (here, "kept b")])
        return str(await answer)

    assert asyncio.run(story()) == "kept b"


class Deadlock(Exception):
    sqlstate = "40P01"


class Serialisation(Exception):
    sqlstate = "40001"


class Away(Exception):
    sqlstate = "57P01"


@pytest.mark.parametrize("cause", [Deadlock, Serialisation])
def test_what_works_when_done_again_is_tried_three_times_on_its_connection(cause: type[Exception]) -> None:
    tries = []

    def locked(values: Sequence[str]) -> list[str]:
        tries.append(values)
        raise OperationalError from cause()

    connection.ensure_connection()
    opened = connection.connection

    with pytest.raises(Busy):
        module._together([unit(commit=locked)])

    assert len(tries) == 3
    assert connection.connection is opened


@pytest.mark.parametrize("problem", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_asked_once_and_its_connection_given_up(problem: type[Exception]) -> None:
    tries = []

    def away(values: Sequence[str]) -> list[str]:
        tries.append(values)
        raise problem from Away()

    connection.ensure_connection()

    with pytest.raises(Busy):
        module._together([unit(commit=away)])

    assert len(tries) == 1
    assert connection.connection is None


def test_all_are_told_when_the_database_is_away_and_none_is_asked_alone(caplog) -> None:
    tries = []

    def away(values: Sequence[str]) -> list[str]:
        tries.append(values)
        raise OperationalError

    answers = module._answers([unit("a", commit=away), unit("b", commit=away)])

    assert [type(answer) for answer in answers] == [Busy, Busy]
    assert tries == [["a", "b"]]
    assert not caplog.records


def test_a_batch_that_is_refused_is_written_down_and_each_asked_alone(caplog) -> None:
    def one_refused(values: Sequence[str]) -> list[str]:
        if "b" in values:
            raise ZeroDivisionError
        return kept(values)

    answers = module._answers([unit(name, commit=one_refused) for name in "abc"])

    assert [str(answer) for answer in answers[::2]] == ["kept a", "kept c"]
    assert isinstance(answers[1], ZeroDivisionError)
    assert [record.message for record in caplog.records] == ["batch_refused"]


def test_who_is_held_too_long_alone_is_told_busy_too() -> None:
    def held(values: Sequence[str]) -> list[Any]:
        if len(values) > 1:
            raise ZeroDivisionError
        return [LATER]

    late, fresh = unit("a", commit=held, until=time.monotonic() - 9), unit("b", commit=held)

    answers = module._answers([late, fresh])

    assert isinstance(answers[0], Busy)
    assert answers[1] is LATER


def test_where_all_is_left_for_later_nothing_is_written() -> None:
    def held(values: Sequence[str]) -> list[Any]:
        Counter.objects.create(name=values[0], began=0, used=1)
        return [LATER if value == "held" else value for value in values]

    assert module._answers([unit("held", commit=held)]) == [LATER]
    assert module._answers([unit("held", commit=held), unit("free", commit=held)]) == [LATER, "free"]
    assert Counter.objects.count() == 1


def test_an_answer_is_given_however_long_it_took() -> None:
    late = unit(until=time.monotonic() - 9)
    late.looks = 100

    assert module._impatient([late], ["kept"]) == ["kept"]


def test_a_connection_that_had_an_error_is_looked_at_again(monkeypatch) -> None:
    def refused_and_not_taken_back(_: Sequence[Unit]) -> list[Any]:
        connection.errors_occurred = True
        raise ZeroDivisionError

    connection.ensure_connection()
    monkeypatch.setattr(module, "_together", refused_and_not_taken_back)

    module._answers([unit()])

    assert not connection.errors_occurred


def test_one_that_had_none_is_not(monkeypatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(module, "close_old_connections", lambda: looked.append(1))

    module._answers([unit()])

    assert looked == []


def test_a_verb_that_answers_too_few_or_too_many_is_a_mistake() -> None:
    for answers in ([], ["a", "b"]):
        with pytest.raises(ValueError, match="zip"):
            module._commit([unit(commit=lambda _values, answers=answers: answers)])


@pytest.fixture
def writer() -> Iterator[Writer]:
    made = Writer()
    yield made
    made.close()


def test_a_closing_writer_ends_when_nothing_waits_any_more(monkeypatch) -> None:
    def goes_on(*, waiting: int, closing: bool) -> bool:
        writer = Writer()
        # They came after the last look at what waits.
        monkeypatch.setattr(writer, "_take", list)
        writer._queue.waiting, writer._closing = waiting, closing
        writer._has_work.set()
        return writer._round()

    assert [goes_on(waiting=number, closing=True) for number in (0, 1, 2)] == [False, True, True]
    assert [goes_on(waiting=number, closing=False) for number in (0, 1, 2)] == [True, True, True]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite: elsewhere no writer waits in a line")
@told
async def test_it_passes_the_others_in_the_line_of_writers(writer: Writer) -> None:
    assert await writer(lambda names: [_place.is_first for _ in names], "a", sender="a") is True


@told
async def test_how_long_an_answer_took_is_counted_from_the_asking(writer: Writer) -> None:
    before, began_at = spreads(), time.monotonic()

    await writer(kept, "a", sender="a")

    number, seconds = grown(before, "kefu_ack_seconds")
    assert number == 1
    assert 0 <= seconds <= time.monotonic() - began_at


@told
async def test_a_row_that_is_held_is_looked_for_every_few_milliseconds(writer: Writer) -> None:
    looks: list[float] = []

    def held(values: Sequence[str]) -> list[Any]:
        looks.append(time.monotonic())
        return [LATER if len(looks) < 20 else "kept" for _ in values]

    assert await writer(held, "a", sender="a") == "kept"

    pauses = [later - sooner for sooner, later in pairwise(looks)]
    assert 0.003 <= min(pauses) < 0.5


@told
async def test_while_some_can_be_written_nobody_sleeps(writer: Writer, monkeypatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(module.time, "sleep", slept.append)
    looks: list[int] = []

    def one_held(values: Sequence[str]) -> list[Any]:
        looks.append(len(values))
        return [LATER if value == "held" and len(values) > 1 else "kept" for value in values]

    writer._has_work.clear()
    with writer._lock:
        both = [asyncio.ensure_future(writer(one_held, name, sender=name)) for name in ("held", "free")]
    await asyncio.gather(*both)

    assert slept == []


@told
async def test_a_mistake_in_the_writer_itself_is_written_down(writer: Writer, monkeypatch, caplog) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(module, "_answers", lambda _units: 1 / 0)
        with pytest.raises(Busy):
            await writer(kept, "a", sender="a")

    assert [record.message for record in caplog.records] == ["writer_failed"]


@told
async def test_the_thread_is_named_ends_with_its_process_and_rests_without_a_connection(
    writer: Writer,
) -> None:
    used = []

    def connected(values: Sequence[str]) -> list[str]:
        used.append(connections["default"])
        return kept(values)

    await writer(connected, "a", sender="a")
    (thread,) = [one for one in threading.enumerate() if one.name == "writer"]
    assert thread.daemon
    assert used[0].connection is not None

    await asyncio.to_thread(writer.close)

    assert not thread.is_alive()
    assert used[0].connection is None


@pytest.mark.slow
@told
async def test_after_a_rest_its_connection_is_looked_at_first(writer: Writer, monkeypatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(module, "RESTS_AFTER", 0.05)
    monkeypatch.setattr(module, "close_old_connections", lambda: looked.append(1))
    await writer(kept, "a", sender="a")
    await asyncio.sleep(0.5)
    assert looked == [1]

    await writer(kept, "b", sender="b")
    assert looked == [1]


def test_closing_waits_as_long_as_it_is_told_to() -> None:
    may_end = threading.Event()
    writer = Writer()
    writer._thread = threading.Thread(target=may_end.wait, args=(20,))
    writer._thread.start()
    began_at = time.monotonic()

    writer.close(0.1)

    assert 0.1 <= time.monotonic() - began_at < 5
    may_end.set()
    writer._thread.join()
