from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils.timezone import now

from kefu.journal import listeners as module
from kefu.journal.listeners import TRIES, Listener, Listeners, _place_of, follow_dead_letters
from kefu.journal.models import DeadLetter, Entry, ListenerCursor
from kefu.journal.tests.facts import Happened, Ignored, elsewhere, happen, only_postgresql

pytestmark = pytest.mark.django_db(transaction=True)


class Follows:
    """A listener that remembers what it was given, and refuses some of it."""

    def __init__(self, name: str = "tests.follows") -> None:
        self.ids: list[int] = []
        self.refused: set[int] = set()
        self.listener = Listener(name, frozenset({Happened.kind}), self.run)

    def run(self, entry: Entry) -> None:
        if entry.pk in self.refused:
            raise ValueError("林小美 said something private")
        # What was rolled back did not happen.
        transaction.on_commit(lambda: self.ids.append(entry.pk))

    @property
    def cursor(self) -> ListenerCursor:
        return ListenerCursor.objects.get(pk=self.listener.name)


def follow_all(listeners: Listeners) -> None:
    while listeners.step():
        pass


def the_wait_is_over() -> None:
    ListenerCursor.objects.update(retry_at=now() - timedelta(seconds=1))


def test_a_listener_gets_its_kinds_from_the_beginning_in_order_and_once():
    follows = Follows()
    wanted = [happen().pk for _ in range(3)]
    happen(Ignored)
    listeners = Listeners([follows.listener])
    follow_all(listeners)
    wanted.append(happen().pk)
    follow_all(listeners)

    assert follows.ids == wanted


def test_a_restart_goes_on_behind_what_was_followed():
    follows = Follows()
    happen()
    follow_all(Listeners([follows.listener]))
    later = happen().pk
    follows.ids.clear()

    follow_all(Listeners([follows.listener]))

    assert follows.ids == [later]


def test_a_small_transaction_at_a_time_follows_all(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_A_TRANSACTION", 0.0)
    monkeypatch.setattr(module, "LIMIT", 4)
    follows = Follows()
    wanted = [happen().pk for _ in range(10)]

    follow_all(Listeners([follows.listener]))

    assert follows.ids == wanted


def test_listeners_at_the_same_place_share_one_query(django_assert_num_queries):
    all_of_them = Listeners([Follows(f"tests.{number}").listener for number in range(5)])
    happen(Ignored)
    follow_all(all_of_them)

    with django_assert_num_queries(1):
        all_of_them.step()


def test_what_a_listener_changed_before_it_failed_is_undone():
    def run(entry: Entry) -> None:
        DeadLetter.objects.create(listener="tests.changes", entry_id=entry.pk, error="made by the listener")
        raise ValueError

    happen()
    Listeners([Listener("tests.changes", {Happened.kind}, run)]).step()

    assert not DeadLetter.objects.exists()


def test_a_listener_that_fails_stands_still_and_holds_nobody_up():
    stuck, other = Follows("tests.stuck"), Follows("tests.other")
    first, second, third = (happen().pk for _ in range(3))
    stuck.refused = {second}
    listeners = Listeners([stuck.listener, other.listener])
    follow_all(listeners)

    assert stuck.ids[-1:] == [first]
    assert other.ids == [first, second, third]
    assert (stuck.cursor.stuck_id, stuck.cursor.tries) == (second, 1)
    assert stuck.cursor.retry_at > now()


def test_a_listener_that_recovers_goes_on_where_it_stood():
    stuck = Follows()
    first, second = (happen().pk for _ in range(2))
    stuck.refused = {first}
    follow_all(Listeners([stuck.listener]))
    stuck.refused = set()
    follow_all(Listeners([stuck.listener]))
    assert stuck.ids == []

    the_wait_is_over()
    follow_all(Listeners([stuck.listener]))

    assert stuck.ids == [first, second]
    assert (stuck.cursor.stuck_id, stuck.cursor.tries, stuck.cursor.retry_at) == (None, 0, None)


def test_waits_grow_and_the_last_try_puts_the_entry_aside(caplog):
    stuck = Follows()
    first, second = (happen().pk for _ in range(2))
    stuck.refused = {first}
    waits = []
    for _ in range(TRIES - 1):
        follow_all(Listeners([stuck.listener]))
        waits.append(round((stuck.cursor.retry_at - now()).total_seconds()))
        the_wait_is_over()
    assert waits == [1, 2, 4, 8, 16, 32, 60]

    follow_all(Listeners([stuck.listener]))

    letter = DeadLetter.objects.get()
    assert (letter.listener, letter.entry_id, letter.error) == ("tests.follows", first, "builtins.ValueError")
    assert stuck.ids == [second]
    assert "林小美" not in str([record.getMessage() for record in caplog.records])


def test_a_dead_letter_can_be_followed_later():
    stuck = Follows()
    entry = happen().pk
    DeadLetter.objects.create(listener=stuck.listener.name, entry_id=entry, error="builtins.ValueError")
    stuck.refused = {entry}
    assert follow_dead_letters([stuck.listener]) == 0
    stuck.refused = set()

    assert follow_dead_letters([stuck.listener]) == 1
    assert stuck.ids == [entry]
    assert not DeadLetter.objects.exists()


def test_two_processes_follow_each_entry_once_between_them():
    follows = Follows()
    one, other = Listeners([follows.listener]), Listeners([follows.listener])
    wanted = []
    for _ in range(6):
        wanted.append(happen().pk)
        for listeners in (one, other, other):
            listeners.step()
    for listeners in (one, other, one, other):
        listeners.step()

    assert follows.ids == wanted


def test_two_threads_at_once_follow_each_entry_once():
    follows = Follows()
    wanted = [happen().pk for _ in range(40)]

    def work() -> None:
        listeners = Listeners([follows.listener])
        for _ in range(30):
            listeners.step()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert follows.ids == wanted


def test_a_cursor_that_passes_over_other_kinds_is_saved_seldom(django_assert_num_queries, monkeypatch):
    follows = Follows()
    listeners = Listeners([follows.listener])
    follow_all(listeners)
    happen(Ignored)
    follow_all(listeners)
    saved = follows.cursor.position
    last = happen(Ignored).pk
    with django_assert_num_queries(1):
        listeners.step()
    assert follows.cursor.position == saved

    monkeypatch.setattr(module, "IDLE_SAVE_EVERY", 0.0)
    listeners.step()
    assert follows.cursor.position == last


def test_a_database_that_went_away_is_no_failure_of_the_listener(monkeypatch):
    def run(entry: Entry) -> None:
        raise module.OperationalError

    happen()
    monkeypatch.setattr(module, "_is_reachable", lambda: False)
    with pytest.raises(module.OperationalError):
        Listeners([Listener("tests.lost", {Happened.kind}, run)]).step()

    assert ListenerCursor.objects.get().tries == 0


@only_postgresql
def test_a_late_commit_is_followed_after_a_restart_too():
    follows = Follows()
    with elsewhere() as other:
        late = other.record()
        first = happen().pk
        follow_all(Listeners([follows.listener]))
        assert follows.ids == [first]
        assert follows.cursor.gaps
        other.commit()

    follow_all(Listeners([follows.listener]))

    assert follows.ids == [first, late]
    assert not _place_of(follows.cursor).wants(late)


@only_postgresql
def test_a_late_commit_is_followed_while_a_later_entry_is_stuck():
    follows = Follows()
    with elsewhere() as other:
        late = other.record()
        stuck = happen().pk
        follows.refused = {stuck}
        follow_all(Listeners([follows.listener]))
        the_wait_is_over()
        other.commit()

    follow_all(Listeners([follows.listener]))

    assert follows.ids == [late]
    assert (follows.cursor.stuck_id, follows.cursor.tries) == (stuck, 2)


@only_postgresql
def test_an_open_transaction_elsewhere_delays_no_listener():
    follows = Follows()
    with elsewhere() as other:
        other.record()
        wanted = [happen().pk for _ in range(3)]
        follow_all(Listeners([follows.listener]))

    assert follows.ids == wanted


@only_postgresql
def test_a_cursor_that_another_process_holds_is_left_to_it():
    follows = Follows()
    listeners = Listeners([follows.listener])
    follow_all(listeners)
    with elsewhere() as other:
        other.do(lambda: ListenerCursor.objects.select_for_update().get(pk=follows.listener.name))
        happen()
        assert listeners.step() is False
        assert follows.ids == []
        other.commit()
    follow_all(listeners)

    assert len(follows.ids) == 1


def test_a_listener_may_record_facts_of_its_own():
    def run(entry: Entry) -> None:
        happen(Ignored, subject_id=entry.pk)

    entry = happen()
    follow_all(Listeners([Listener("tests.records", {Happened.kind}, run)]))

    assert Entry.objects.get(kind=Ignored.kind).subject_id == entry.pk
