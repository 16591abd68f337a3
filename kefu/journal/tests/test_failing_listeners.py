from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from kefu.journal import listeners as module
from kefu.journal.listeners import TRIES, Listener, Listeners, follow_dead_letters, put_aside
from kefu.journal.models import DeadLetter, Entry, ListenerCursor
from kefu.journal.tests.facts import Happened, elsewhere, happen, only_postgresql
from kefu.journal.tests.following import Follows, follow_all, the_wait_is_over

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_a_listener_that_rests_asks_nothing(django_assert_num_queries):
    stuck = Follows()
    stuck.refused = {happen().pk}
    listeners = Listeners([stuck.listener])

    assert listeners.step() is False
    with django_assert_num_queries(0):
        assert listeners.step() is False


def test_what_comes_before_a_failure_is_followed_and_the_failure_written_down_at_once():
    stuck = Follows()
    first, second = (happen().pk for _ in range(2))
    stuck.refused = {second}
    listeners = Listeners([stuck.listener])

    assert listeners.step() is True
    assert listeners.step() is False
    assert (stuck.ids[-1], stuck.cursor.stuck_id) == (first, second)


def test_a_database_that_refuses_the_cursor_fails_the_entry_that_comes_next():
    follows = Follows()
    happen()
    listeners = Listeners([follows.listener])
    follow_all(listeners)
    later, last = (happen().pk for _ in range(2))

    with connection.execute_wrapper(_Refuses('FROM "journal_listenercursor"')):
        listeners.step()

    assert (follows.cursor.stuck_id, follows.cursor.tries) == (later, 1)
    the_wait_is_over()
    follow_all(Listeners([follows.listener]))
    assert follows.ids[-2:] == [later, last]


class _Refuses:
    """The database refuses the first statement that has these words."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, execute, sql, params, many, context):
        if self.words and self.words in sql:
            self.words = ""
            raise module.OperationalError("database is locked")
        return execute(sql, params, many, context)


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
    told = [record.getMessage() for record in caplog.records]
    assert told == ["listener_failed"] * (TRIES - 1) + ["listener_gave_up"]
    about = [(one["listener"], one["entry"], one["tries"]) for one in map(vars, caplog.records)]
    assert about == [("tests.follows", first, number) for number in range(1, TRIES + 1)]


def test_of_an_error_its_type_is_kept_as_far_as_it_fits():
    endless = type("Endless" * 60, (Exception,), {"__module__": "tests"})

    put_aside("tests.follows", 1, endless())

    assert DeadLetter.objects.get().error == f"tests.{'Endless' * 60}"[:200]


def test_a_dead_letter_can_be_followed_later(caplog):
    stuck = Follows()
    entry, _ = happen().pk, happen()
    DeadLetter.objects.create(listener=stuck.listener.name, entry_id=entry, error="builtins.ValueError")
    stuck.refused = {entry}
    assert follow_dead_letters([stuck.listener]) == 0
    assert [record.getMessage() for record in caplog.records] == ["dead_letter_failed"]
    stuck.refused = set()

    assert follow_dead_letters([stuck.listener]) == 1
    assert stuck.ids == [entry]
    assert not DeadLetter.objects.exists()


def test_dead_letters_of_others_stay():
    DeadLetter.objects.create(listener="tests.other", entry_id=happen().pk, error="builtins.ValueError")

    assert follow_dead_letters([Follows().listener]) == 0
    assert DeadLetter.objects.get().listener == "tests.other"


def test_an_entry_is_put_aside_once_by_each_listener():
    for listener in ("tests.one", "tests.other"):
        DeadLetter.objects.create(listener=listener, entry_id=9, error="builtins.ValueError")

    with pytest.raises(IntegrityError), transaction.atomic():
        DeadLetter.objects.create(listener="tests.one", entry_id=9, error="builtins.ValueError")


def test_a_dead_letter_stays_when_the_database_went_away(monkeypatch):
    def run(entry: Entry) -> None:
        raise module.OperationalError

    DeadLetter.objects.create(listener="tests.lost", entry_id=happen().pk, error="builtins.ValueError")
    monkeypatch.setattr(module, "_is_reachable", lambda: False)

    with pytest.raises(module.OperationalError):
        follow_dead_letters([Listener("tests.lost", {Happened.kind}, run)])
    assert DeadLetter.objects.exists()


def test_a_database_that_went_away_is_no_failure_of_the_listener(monkeypatch):
    def run(entry: Entry) -> None:
        raise module.OperationalError

    happen()
    monkeypatch.setattr(module, "_is_reachable", lambda: False)
    with pytest.raises(module.OperationalError):
        Listeners([Listener("tests.lost", {Happened.kind}, run)]).step()

    assert ListenerCursor.objects.get().tries == 0


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
