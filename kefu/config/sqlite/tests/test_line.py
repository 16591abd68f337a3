from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connections, transaction

from kefu.config.sqlite.base import CACHE_OF_FIRST
from kefu.config.sqlite.line import Line, LineTooLong, Turn, first_in_line, line_of

ALIAS = "line"


class Owner:
    pass


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def how_many_wait(line: Line) -> int:
    return len(line._first) + len(line._others)


def start(work: Callable[[], None]) -> threading.Thread:
    def close_after() -> None:
        try:
            work()
        finally:
            connections[ALIAS].close()
            del connections[ALIAS]

    thread = threading.Thread(target=close_after, daemon=True)
    thread.start()
    return thread


def end(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def write(text: str) -> None:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("INSERT INTO word (text) VALUES (%s)", [text])


def words() -> list[str]:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT text FROM word ORDER BY id")
        return [text for (text,) in cursor.fetchall()]


@pytest.fixture
def database(tmp_path: Path, django_db_blocker: Any) -> Iterator[Line]:
    yield from lend_database(str(tmp_path / "line.sqlite3"), django_db_blocker)


@pytest.fixture
def database_in_memory(django_db_blocker: Any) -> Iterator[Line]:
    yield from lend_database("file:line_test?mode=memory&cache=shared", django_db_blocker)


def lend_database(name: str, django_db_blocker: Any) -> Iterator[Line]:
    entry = {
        "ENGINE": "kefu.config.sqlite",
        "NAME": name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF",
        },
    }
    connections.databases[ALIAS] = connections.configure_settings({"default": {}, ALIAS: entry})[ALIAS]
    with django_db_blocker.unblock():
        connection = connections[ALIAS]
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT UNIQUE)")
        yield connection.line
        if connection.connection is not None:
            connection.connection.close()
        del connections[ALIAS]
    del connections.databases[ALIAS]


def test_who_asks_first_writes_first() -> None:
    line, order = Line(), []
    owner = Owner()
    held = line.take(owner, seconds=1)

    def wait(name: int) -> None:
        turn = line.take(owner, seconds=5)
        order.append(name)
        line.give_back(turn)

    threads = []
    for name in range(6):
        threads.append(threading.Thread(target=wait, args=(name,), daemon=True))
        threads[-1].start()
        until(lambda name=name: how_many_wait(line) == name + 1)
    line.give_back(held)
    end(threads)

    assert order == [0, 1, 2, 3, 4, 5]


def test_the_one_who_is_first_in_line_passes_the_others() -> None:
    line, order = Line(), []
    owner = Owner()
    held = line.take(owner, seconds=1)

    def wait(name: str) -> None:
        turn = line.take(owner, seconds=5)
        order.append(name)
        line.give_back(turn)

    def wait_first() -> None:
        with first_in_line():
            wait("writer")

    threads = [threading.Thread(target=wait, args=("page",), daemon=True)]
    threads[0].start()
    until(lambda: how_many_wait(line) == 1)
    threads.append(threading.Thread(target=wait_first, daemon=True))
    threads[1].start()
    until(lambda: how_many_wait(line) == 2)
    line.give_back(held)
    end(threads)

    assert order == ["writer", "page"]


@pytest.mark.usefixtures("database")
def test_the_one_who_is_first_in_line_keeps_more_pages_in_memory() -> None:
    sizes: dict[str, int] = {}

    def look(name: str) -> None:
        with connections[ALIAS].cursor() as cursor:
            sizes[name] = cursor.execute("PRAGMA cache_size").fetchone()[0]

    def look_first() -> None:
        with first_in_line():
            look("writer")

    end([start(lambda: look("page")), start(look_first)])

    assert sizes == {"page": -2_000, "writer": -CACHE_OF_FIRST}


def test_who_waits_too_long_leaves_the_line_and_the_next_is_served() -> None:
    line, owner = Line(), Owner()
    held = line.take(owner, seconds=1)

    with pytest.raises(LineTooLong):
        line.take(owner, seconds=0.01)

    assert how_many_wait(line) == 0
    line.give_back(held)
    line.give_back(line.take(owner, seconds=0.01))


def test_a_turn_given_back_twice_takes_nothing_from_the_next() -> None:
    line, owner = Line(), Owner()
    first = line.take(owner, seconds=1)
    line.give_back(first)
    second = line.take(owner, seconds=1)

    line.give_back(first)

    with pytest.raises(LineTooLong):
        line.take(owner, seconds=0.01)
    line.give_back(second)


def test_a_turn_whose_owner_was_thrown_away_passes_on() -> None:
    line, owner = Line(), Owner()
    line.take(Owner(), seconds=1)

    turn = line.take(owner, seconds=1)

    assert line._holder is turn


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_starts_with_an_empty_line(database: Line) -> None:
    turn = database.take(Owner(), seconds=1)
    answers = multiprocessing.get_context("fork").SimpleQueue()

    def child() -> None:
        line = line_of(str(connections[ALIAS].settings_dict["NAME"]))
        line.give_back(line.take(answers, seconds=0.1))
        answers.put("free")

    process_id = os.fork()
    if process_id == 0:
        with suppress(BaseException):
            child()
        os._exit(0)
    os.waitpid(process_id, 0)

    assert not answers.empty()
    database.give_back(turn)


def test_a_transaction_holds_the_line_until_its_commit(database: Line) -> None:
    with transaction.atomic(using=ALIAS):
        assert database._holder is not None
        write("安然")
        assert database._holder is not None

    assert database._holder is None
    assert words() == ["安然"]


def test_a_savepoint_keeps_the_turn_of_its_transaction(database: Line) -> None:
    with transaction.atomic(using=ALIAS):
        turn = database._holder
        write("outer")
        with suppress(IntegrityError), transaction.atomic(using=ALIAS):
            write("outer")
        assert database._holder is turn
        with transaction.atomic(using=ALIAS):
            write("inner")

    assert database._holder is None
    assert words() == ["outer", "inner"]


def test_a_rollback_gives_the_turn_back(database: Line) -> None:
    with suppress(ZeroDivisionError), transaction.atomic(using=ALIAS):
        write("gone")
        raise ZeroDivisionError

    assert database._holder is None
    assert words() == []


def test_a_connection_closed_inside_a_transaction_gives_the_turn_back(database: Line) -> None:
    with suppress(ZeroDivisionError), transaction.atomic(using=ALIAS):
        write("gone")
        connections[ALIAS].close()
        raise ZeroDivisionError

    assert database._holder is None


def test_a_commit_that_is_refused_gives_the_turn_back(database: Line) -> None:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "CREATE TABLE part (word_id INTEGER REFERENCES word (id) DEFERRABLE INITIALLY DEFERRED)"
        )

    with (
        pytest.raises(IntegrityError),
        transaction.atomic(using=ALIAS),
        connections[ALIAS].cursor() as cursor,
    ):
        cursor.execute("INSERT INTO part (word_id) VALUES (99)")

    assert database._holder is None


def test_a_write_without_a_transaction_has_a_turn_of_its_own(
    database: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[Turn] = []
    take = Line.take
    monkeypatch.setattr(Line, "take", lambda *args, **named: turns.append(take(*args, **named)) or turns[-1])

    write("alone")
    assert words() == ["alone"]

    assert len(turns) == 1
    assert database._holder is None


def test_reading_never_waits_in_the_line(database: Line) -> None:
    turn = database.take(Owner, seconds=1)

    assert words() == []

    database.give_back(turn)


def test_with_autocommit_off_the_turn_lasts_from_the_first_write_to_the_commit(database: Line) -> None:
    transaction.set_autocommit(False, using=ALIAS)
    assert words() == []
    assert database._holder is None

    write("by hand")
    assert database._holder is not None
    transaction.commit(using=ALIAS)

    assert database._holder is None
    transaction.set_autocommit(True, using=ALIAS)


def test_who_waits_longer_than_the_timeout_hears_that_the_database_is_locked(database: Line) -> None:
    connections[ALIAS].settings_dict["OPTIONS"]["timeout"] = 0.02
    turn = database.take(Owner, seconds=1)

    with pytest.raises(OperationalError, match="locked"), transaction.atomic(using=ALIAS):
        pass

    database.give_back(turn)
    write("afterwards")
    assert words() == ["afterwards"]


def test_a_copied_connection_waits_in_the_same_line_with_a_turn_of_its_own(database: Line) -> None:
    copy = connections[ALIAS].copy()
    copy.ensure_connection()

    with transaction.atomic(using=ALIAS):
        assert copy.line is database
        assert copy.turn is None

    copy.close()


def test_a_shared_database_in_memory_has_its_line_too(database_in_memory: Line) -> None:
    order: list[str] = []

    def other() -> None:
        write("other")
        order.append("other")

    with transaction.atomic(using=ALIAS):
        write("first")
        thread = start(other)
        until(lambda: how_many_wait(database_in_memory) == 1)
        order.append("first")
    end([thread])

    assert order == ["first", "other"]
    assert words() == ["first", "other"]


def test_six_threads_that_write_all_the_time_are_served_alike(database: Line) -> None:
    served: list[int] = []
    ready = threading.Barrier(6)

    def busy(name: int) -> None:
        ready.wait(5)
        for number in range(40):
            with transaction.atomic(using=ALIAS):
                write(f"{name}-{number}")
                served.append(name)

    end([start(lambda name=name: busy(name)) for name in range(6)])

    assert Counter(served) == dict.fromkeys(range(6), 40)
    # While all six are at it, nobody is passed by the same colleague more than twice.
    middle = served[20:180]
    for name in range(6):
        places = [place for place, who in enumerate(middle) if who == name]
        gaps = [later - sooner for sooner, later in pairwise(places)]
        assert max(gaps) <= 12
    assert len(words()) == 240
