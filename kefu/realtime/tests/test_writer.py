"""The writer's thread: many units a commit, an answer only after it, and nobody pays for anybody else."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from kefu.journal.models import ListenerCursor
from kefu.realtime import writer as writer_module
from kefu.realtime.database import Busy
from kefu.realtime.tests.clients import told
from kefu.realtime.writer import LATER, MOST_OF_ONE, MOST_WAITING, Queue, Unit, Writer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def writer() -> Iterator[Writer]:
    made = Writer()
    yield made
    made.close()


class Notes:
    """A verb that keeps names in a table, and remembers in which batches they came."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.began = threading.Event()

    def __call__(self, names: Sequence[str]) -> list[str]:
        self.began.set()
        self.may_go_on.wait(20)
        self.batches.append(list(names))
        ListenerCursor.objects.bulk_create([ListenerCursor(listener=name) for name in names])
        return [f"kept {name}" for name in names]

    async def hold(self) -> None:
        """What is asked from now on waits, until it may go on."""
        self.may_go_on.clear()
        self.began.clear()

    async def are_called(self) -> None:
        await asyncio.to_thread(self.began.wait, 20)


def kept() -> set[str]:
    return set(ListenerCursor.objects.values_list("listener", flat=True))


@told
async def test_an_answer_comes_after_the_commit_and_not_before(writer: Writer) -> None:
    seen_by_others: list[set[str]] = []

    async def ask(name: str) -> None:
        assert await writer(notes, name, sender=name) == f"kept {name}"
        seen_by_others.append(await asyncio.to_thread(_kept_elsewhere))

    notes = Notes()
    await asyncio.gather(*(ask(name) for name in "abc"))

    for name, seen in zip("abc", seen_by_others, strict=True):
        assert name in seen


def _kept_elsewhere() -> set[str]:
    try:
        return kept()
    finally:
        connection.close()


@told
async def test_what_waits_together_is_committed_together(writer: Writer) -> None:
    notes = Notes()
    await notes.hold()
    first = asyncio.ensure_future(writer(notes, "first", sender="x"))
    await notes.are_called()
    rest = [asyncio.ensure_future(writer(notes, str(number), sender=str(number))) for number in range(40)]
    await asyncio.sleep(0)
    notes.may_go_on.set()

    assert await asyncio.gather(first, *rest) == ["kept first", *(f"kept {number}" for number in range(40))]
    assert [len(batch) for batch in notes.batches] == [1, 40]


@told
async def test_two_verbs_share_a_commit_and_each_gets_its_own(writer: Writer) -> None:
    notes, upper = Notes(), lambda names: [name.upper() for name in names]
    await notes.hold()
    first = asyncio.ensure_future(writer(notes, "first", sender="x"))
    await notes.are_called()
    mixed = [
        asyncio.ensure_future(writer(upper if number % 2 else notes, f"n{number}", sender=str(number)))
        for number in range(6)
    ]
    await asyncio.sleep(0)
    notes.may_go_on.set()

    await first
    assert await asyncio.gather(*mixed) == ["kept n0", "N1", "kept n2", "N3", "kept n4", "N5"]
    assert notes.batches[1] == ["n0", "n2", "n4"]


@told
async def test_one_that_the_database_refuses_fails_alone(writer: Writer) -> None:
    notes = Notes()
    await asyncio.to_thread(_keep_and_close, "taken")
    await notes.hold()
    first = asyncio.ensure_future(writer(notes, "first", sender="x"))
    await notes.are_called()
    together = [asyncio.ensure_future(writer(notes, name, sender=name)) for name in ("a", "taken", "b")]
    await asyncio.sleep(0)
    notes.may_go_on.set()

    answers = await asyncio.gather(first, *together, return_exceptions=True)

    assert isinstance(answers.pop(2), IntegrityError)
    assert answers == ["kept first", "kept a", "kept b"]
    assert await asyncio.to_thread(_kept_elsewhere) == {"first", "a", "b", "taken"}


def _keep_and_close(name: str) -> None:
    ListenerCursor.objects.create(listener=name)
    connection.close()


@told
async def test_a_sender_who_floods_is_told_so_and_holds_nobody_up(writer: Writer) -> None:
    notes = Notes()
    await notes.hold()
    first = asyncio.ensure_future(writer(notes, "first", sender="x"))
    await notes.are_called()
    flood = [asyncio.ensure_future(writer(notes, f"f{n:03}", sender="flood")) for n in range(MOST_OF_ONE + 5)]
    await asyncio.sleep(0)
    others = [asyncio.ensure_future(writer(notes, f"o{n}", sender=f"o{n}")) for n in range(5)]
    await asyncio.sleep(0)
    notes.may_go_on.set()

    answers = await asyncio.gather(*flood, return_exceptions=True)
    await asyncio.gather(first, *others)

    assert Counter(type(answer) for answer in answers) == {str: MOST_OF_ONE, Busy: 5}
    batch = notes.batches[1]
    assert set(batch[:6]) == {"f000", *(f"o{n}" for n in range(5))}, "One of each comes first."
    assert [name for name in batch if name[0] == "f"] == [f"f{n:03}" for n in range(MOST_OF_ONE)]


def _unit(name: str, sender: str) -> Unit:
    return Unit(list, name, sender, None, None, 0.0)  # type: ignore[arg-type]


def test_the_queue_has_an_end() -> None:
    queue = Queue()
    for number in range(MOST_WAITING):
        queue.add(_unit(str(number), f"sender {number}"))

    with pytest.raises(Busy):
        queue.add(_unit("one more", "somebody"))
    queue.take(1)
    queue.add(_unit("one more", "somebody"))


def test_what_is_put_back_comes_before_what_its_sender_asked_for_since() -> None:
    queue = Queue()
    for name in ("a1", "a2", "b1", "a3"):
        queue.add(_unit(name, name[0]))
    taken = queue.take(3)
    assert [unit.value for unit in taken] == ["a1", "b1", "a2"]
    queue.put_back([taken[0], taken[2]])

    assert [unit.value for unit in queue.take(10)] == ["a1", "a2", "a3"]
    assert queue.waiting == 0
    assert queue.take(10) == []


@told
async def test_who_waits_for_a_row_is_asked_again_while_others_go_on(writer: Writer) -> None:
    free = threading.Event()
    tries: list[Sequence[str]] = []

    def held(names: Sequence[str]) -> list[Any]:
        tries.append(names)
        if len(tries) > 3:
            free.set()
        return [LATER if name == "held" and not free.is_set() else f"kept {name}" for name in names]

    answers = await asyncio.gather(writer(held, "held", sender="a"), writer(held, "b", sender="b"))

    assert answers == ["kept held", "kept b"]
    assert sum("b" in names for names in tries) == 1
    assert sum("held" in names for names in tries) > 1


@told
async def test_a_row_that_is_held_for_too_long_is_busy(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "PATIENCE", 0.05)

    with pytest.raises(Busy):
        await writer(lambda names: [LATER for _ in names], "held", sender="a")


@told
async def test_who_comes_late_by_chance_is_not_told_busy_for_it(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "PATIENCE", 0.0)
    looks: list[Sequence[str]] = []

    def often_held(names: Sequence[str]) -> list[Any]:
        looks.append(names)
        return [LATER if len(looks) < writer_module.FEWEST_LOOKS else "kept" for _ in names]

    assert await writer(often_held, "a", sender="a") == "kept"


@told
async def test_a_database_that_is_away_is_busy_and_then_works_again(writer: Writer) -> None:
    notes, is_away = Notes(), True

    def away(names: Sequence[str]) -> list[str]:
        if is_away:
            raise OperationalError("server closed the connection unexpectedly")
        return notes(names)

    with pytest.raises(Busy):
        await writer(away, "a", sender="a")
    is_away = False

    assert await writer(away, "a", sender="a") == "kept a"


@told
async def test_a_deadlock_is_redone(writer: Writer) -> None:
    class Deadlock(Exception):
        sqlstate = "40P01"

    tries: list[Sequence[str]] = []

    def locked(names: Sequence[str]) -> list[str]:
        tries.append(names)
        if len(tries) < 3:
            raise OperationalError from Deadlock()
        return ["kept" for _ in names]

    assert await writer(locked, "a", sender="a") == "kept"
    assert len(tries) == 3


@told
async def test_a_mistake_of_ours_goes_to_the_one_who_asked(writer: Writer) -> None:
    def wrong(names: Sequence[str]) -> list[str]:
        if "b" in names:
            raise ZeroDivisionError
        return ["fine" for _ in names]

    answers = await asyncio.gather(
        *(writer(wrong, name, sender=name) for name in "abc"), return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [str, ZeroDivisionError, str]


@told
async def test_a_thread_that_ended_is_started_again(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = Notes()
    with monkeypatch.context() as broken:
        broken.setattr(writer_module, "_answers", lambda _units: 1 / 0)
        with pytest.raises(Busy):
            await writer(notes, "a", sender="a")
    assert await writer(notes, "a", sender="a") == "kept a"
    await asyncio.to_thread(writer.close)
    writer._closing = False

    assert await writer(notes, "b", sender="b") == "kept b"


@told
async def test_closing_commits_what_waits_and_takes_no_more(writer: Writer) -> None:
    notes = Notes()
    await notes.hold()
    asked = [asyncio.ensure_future(writer(notes, str(number), sender=str(number))) for number in range(5)]
    await notes.are_called()
    closing = asyncio.ensure_future(asyncio.to_thread(writer.close))
    await asyncio.sleep(0.05)
    notes.may_go_on.set()
    await closing

    assert await asyncio.gather(*asked) == [f"kept {number}" for number in range(5)]
    with pytest.raises(Busy):
        await writer(notes, "late", sender="late")


@told
async def test_who_went_away_while_waiting_disturbs_nobody(writer: Writer) -> None:
    notes = Notes()
    await notes.hold()
    gone = asyncio.ensure_future(writer(notes, "gone", sender="gone"))
    await notes.are_called()
    gone.cancel()
    stays = asyncio.ensure_future(writer(notes, "stays", sender="stays"))
    await asyncio.sleep(0)
    notes.may_go_on.set()

    assert await stays == "kept stays"
    assert await asyncio.to_thread(_kept_elsewhere) == {"gone", "stays"}


def test_a_writer_that_nobody_asked_ends_at_once() -> None:
    Writer().close()


@told
async def test_it_writes_within_one_transaction(writer: Writer) -> None:
    def inside(names: Sequence[str]) -> list[bool]:
        return [transaction.get_connection().in_atomic_block for _ in names]

    assert await writer(inside, "a", sender="a") is True
