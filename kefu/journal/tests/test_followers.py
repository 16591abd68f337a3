"""What a listener in one process remembers between its looks, and when it asks and writes."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import Error, connection
from django.utils.timezone import now

from kefu.journal import listeners as module
from kefu.journal.listeners import Listener, Listeners, _Follower, _Reads, put_aside
from kefu.journal.models import DeadLetter, Entry, ListenerCursor
from kefu.journal.place import Gap, Place
from kefu.journal.tests.facts import Happened, Ignored, happen
from kefu.journal.tests.following import Follows, follow_all, the_wait_is_over

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def follows() -> Follows:
    return Follows()


def followed(follows: Follows, *, gap_is: float) -> _Follower:
    """It is behind all that is written, but for a gap so many seconds old whose transactions have all ended; no id is 0."""
    gap = Gap(0, 0, ceiling=0, seen_at=time.time() - gap_is)
    ListenerCursor.objects.create(
        listener=follows.listener.name,
        position=happen(Ignored).pk,
        gaps=[[gap.first, gap.last, gap.ceiling, gap.seen_at]],
    )
    return _Follower(follows.listener)


def gaps(follower: _Follower) -> int:
    assert follower.place is not None
    return len(follower.place.gaps)


def test_an_old_gap_is_asked_for_and_forgotten_once_a_second(follows):
    follower = followed(follows, gap_is=20)
    follower.asked_at = asked_at = time.time() - 0.5
    happen()
    follower.step(_Reads())
    assert (gaps(follower), follower.asked_at) == (1, asked_at)

    follower.asked_at, before = time.time() - 1.5, time.time()
    happen()
    follower.step(_Reads())

    assert (gaps(follower), follows.cursor.gaps) == (0, [])
    assert follower.asked_at >= before


def test_a_look_that_left_something_forgets_no_gap(follows, monkeypatch):
    monkeypatch.setattr(module, "LIMIT", 2)
    follower = followed(follows, gap_is=8)
    for _ in range(3):
        happen()

    follower.step(_Reads())
    assert (gaps(follower), follower.asked_at) == (1, 0.0)
    follower.step(_Reads())

    assert gaps(follower) == 0


def test_a_transaction_that_left_something_forgets_no_gap(follows, monkeypatch):
    monkeypatch.setattr(module, "SECONDS_A_TRANSACTION", 0.0)
    follower = followed(follows, gap_is=8)
    for _ in range(2):
        happen()

    assert (follower.step(_Reads()), gaps(follower)) == (True, 1)
    assert (follower.step(_Reads()), gaps(follower)) == (False, 0)


def test_one_that_has_more_to_do_is_enough_to_go_on_at_once(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_A_TRANSACTION", 0.0)
    busy, idle = Follows("tests.busy"), Listener("tests.idle", set(), lambda _: None)
    for _ in range(2):
        happen()

    assert Listeners([busy.listener, idle]).step() is True


def test_a_look_takes_five_hundred(follows):
    first = happen(Ignored).pk
    Entry.objects.bulk_create(Entry(kind=Ignored.kind, actor_kind="system") for _ in range(500))
    follower = _Follower(follows.listener)

    assert follower.step(_Reads()) is True
    assert follower.place is not None
    assert follower.place.cursor == first + 499
    assert follower.step(_Reads()) is False


class Clock:
    """What the listeners read the time from, which goes on only when they are told to."""

    def __init__(self) -> None:
        self.seconds, self.time = 1_000.0, time.time

    def monotonic(self) -> float:
        return self.seconds


def test_others_wait_for_three_hundredths_of_a_second_at_most_before_the_next_entry(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    ids = []

    def run(entry: Entry) -> None:
        ids.append(entry.pk)
        clock.seconds += 0.02

    for _ in range(4):
        happen()

    Listeners([Listener("tests.slow", {Happened.kind}, run)]).step()

    assert len(ids) == 2


def test_a_process_waits_while_another_is_to_try_again(follows):
    tried = []

    def run(entry: Entry) -> None:
        tried.append(entry.pk)
        raise ValueError

    listener = Listener("tests.refuses", {Happened.kind}, run)
    one, other = Listeners([listener]), Listeners([listener])
    follow_all(one)
    follow_all(other)
    happen()

    one.step()
    other.step()
    assert len(tried) == 1

    the_wait_is_over()
    other.step()
    other.step()
    assert len(tried) == 2


def test_a_process_that_starts_rests_as_long_as_the_one_before_would_have(django_assert_num_queries):
    stuck = Follows()
    stuck.refused = {happen().pk}
    follow_all(Listeners([stuck.listener]))
    later = Listeners([stuck.listener])
    later.step()

    with django_assert_num_queries(0):
        assert later.step() is False


def test_a_cursor_that_passes_over_other_kinds_is_saved_each_five_seconds(follows):
    listeners = Listeners([follows.listener])
    (follower,) = listeners._followers
    follow_all(listeners)
    first = happen(Ignored).pk
    follower.saved_at = time.monotonic() - 5.1
    listeners.step()
    assert follows.cursor.position == first

    happen(Ignored)
    follower.saved_at = time.monotonic() - 4.5
    listeners.step()
    assert follows.cursor.position == first


def test_what_is_put_aside_again_tells_of_the_last_time():
    put_aside("tests.follows", 1, ValueError())
    DeadLetter.objects.update(put_aside_at=now() - timedelta(days=1))
    before = now()

    put_aside("tests.follows", 1, KeyError())

    letter = DeadLetter.objects.get()
    assert letter.error == "builtins.KeyError"
    assert letter.put_aside_at >= before


@pytest.mark.parametrize("problem", [module.OperationalError, module.InterfaceError])
def test_an_error_of_a_database_that_is_there_is_the_listeners(follows, problem):
    def run(_: Entry) -> None:
        raise problem

    happen()
    listener = Listener("tests.locked", {Happened.kind}, run)

    Listeners([listener]).step()

    assert ListenerCursor.objects.get().tries == 1


def test_an_error_of_the_listeners_own_asks_after_no_database(monkeypatch):
    monkeypatch.setattr(module, "_is_reachable", lambda: False)
    stuck = Follows()
    stuck.refused = {happen().pk}

    Listeners([stuck.listener]).step()

    assert stuck.cursor.tries == 1


def test_a_database_is_reachable_if_it_answers(monkeypatch):
    connection.close()
    assert module._is_reachable() is True

    with monkeypatch.context() as patched:
        patched.setattr(connection, "is_usable", lambda: False)
        assert module._is_reachable() is False

    def refuse() -> None:
        raise Error

    with monkeypatch.context() as patched:
        patched.setattr(connection, "ensure_connection", refuse)
        assert module._is_reachable() is False


def test_a_place_is_kept_with_its_gaps(follows):
    ListenerCursor.objects.create(listener=follows.listener.name, position=9, gaps=[[3, 4, 103, 1.5]])

    assert module._place_of(follows.cursor) == Place(9, (Gap(3, 4, 103, 1.5),))
