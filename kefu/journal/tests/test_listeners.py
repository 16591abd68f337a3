from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.db import connection

from kefu.journal import listeners as module
from kefu.journal.listeners import Listener, Listeners, _place_of
from kefu.journal.models import Entry, ListenerCursor
from kefu.journal.tests.facts import Happened, Ignored, elsewhere, happen, only_postgresql
from kefu.journal.tests.following import Follows, follow_all

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_listener_gets_its_kinds_from_the_beginning_in_order_and_once():
    follows = Follows()
    wanted = [happen().pk for _ in range(3)]
    happen(Ignored)
    listeners = Listeners([follows.listener])
    follow_all(listeners)
    wanted.append(happen().pk)
    follow_all(listeners)

    assert follows.ids == wanted


def test_what_does_not_concern_a_listener_is_passed_over_and_nothing_is_written(
    django_assert_num_queries,
):
    follows = Follows()
    listener = replace(follows.listener, concerns=lambda entry: entry.seq != 1)
    listeners = Listeners([listener])
    happen()
    follow_all(listeners)
    happen(conversation_id=7, seq=1)

    # No more than the look itself.
    with django_assert_num_queries(1):
        follow_all(listeners)
    wanted = happen(conversation_id=7, seq=2).pk
    follow_all(listeners)

    assert follows.ids[1:] == [wanted]


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

    listeners = Listeners([follows.listener])
    listeners.step()
    assert follows.ids == wanted[:1]
    follow_all(listeners)

    assert follows.ids == wanted


def test_a_round_larger_than_the_limit_goes_on_at_once(monkeypatch):
    monkeypatch.setattr(module, "LIMIT", 4)
    monkeypatch.setattr(module, "SECONDS_A_TRANSACTION", 60.0)
    follows = Follows()
    listeners = Listeners([follows.listener])

    wanted = [happen().pk for _ in range(10)]
    assert [listeners.step() for _ in range(4)] == [True, True, False, False]
    assert follows.ids == wanted

    for _ in range(10):
        happen(Ignored)
    assert [listeners.step() for _ in range(4)] == [True, True, False, False]


def test_a_cursor_stands_behind_what_nobody_wants_at_the_end_of_a_round():
    follows = Follows()
    happen()
    ignored = happen(Ignored).pk

    follow_all(Listeners([follows.listener]))

    assert follows.cursor.position == ignored


def test_listeners_at_the_same_place_share_one_query(django_assert_num_queries):
    all_of_them = Listeners([Follows(f"tests.{number}").listener for number in range(5)])
    happen(Ignored)
    follow_all(all_of_them)

    with django_assert_num_queries(1):
        all_of_them.step()


def test_a_cursor_that_was_removed_begins_anew():
    follows = Follows()
    first = happen().pk
    listeners = Listeners([follows.listener])
    follow_all(listeners)
    ListenerCursor.objects.all().delete()
    second = happen().pk

    assert listeners.step() is False
    follow_all(listeners)

    assert follows.ids == [first, first, second]


def test_a_process_that_was_overtaken_goes_on_behind_the_other():
    follows = Follows()
    one, other = Listeners([follows.listener]), Listeners([follows.listener])
    wanted = [happen().pk]
    follow_all(one)
    wanted.append(happen().pk)
    follow_all(other)
    wanted.append(happen().pk)

    assert one.step() is False
    assert follows.ids == wanted[:2]
    follow_all(one)

    assert follows.ids == wanted


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
    with django_assert_num_queries(1):
        listeners.step()


def test_a_cursor_that_has_just_moved_is_not_saved_for_other_kinds(django_assert_num_queries):
    follows = Follows()
    happen()
    listeners = Listeners([follows.listener])
    follow_all(listeners)
    happen(Ignored)

    with django_assert_num_queries(1):
        listeners.step()


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
