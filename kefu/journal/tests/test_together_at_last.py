"""The commit goes with the last statements, where whoever called says that these are the last."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from kefu.journal import prepared
from kefu.journal.models import ListenerCursor
from kefu.journal.prepared import ending, together_at_last
from kefu.journal.tests.facts import elsewhere, only_with_a_way

pytestmark = pytest.mark.django_db(transaction=True)
ADD = "INSERT INTO journal_listenercursor (listener, position, gaps, tries) VALUES (%s, 0, '[]', 0)"
TOO_LONG = "a" * 99


def add_at_last(*names: str) -> None:
    with transaction.atomic(), ending(), together_at_last():
        for name in names:
            prepared.do(ADD, [name])


def seen_elsewhere() -> set[str]:
    with elsewhere() as others:
        names = others.do(lambda: set(ListenerCursor.objects.values_list("listener", flat=True)))
    assert isinstance(names, set)
    return names


@only_with_a_way
def test_the_commit_is_done_before_the_transaction_is_left() -> None:
    told: list[str] = []
    with transaction.atomic():
        transaction.on_commit(lambda: told.append("committed"))
        with ending(), together_at_last():
            prepared.do(ADD, ["a"])
            found = prepared.ask("SELECT 7", [])
        assert found() == [(7,)]
        assert seen_elsewhere() == {"a"}
        assert told == []

    assert told == ["committed"]
    assert connection.get_autocommit()


@only_with_a_way
@pytest.mark.parametrize("within", [nullcontext, transaction.atomic])
def test_nothing_is_committed_early_where_others_go_on(within: type[nullcontext[None]]) -> None:
    assert not prepared._Here().is_ending, "Nobody says so in a thread that is new."
    with transaction.atomic():
        # Nobody has said that it ends; or it is part of another one.
        with within(), ending() if within is transaction.atomic else nullcontext(), together_at_last():
            prepared.do(ADD, ["a"])
        assert seen_elsewhere() == set()

    assert seen_elsewhere() == {"a"}


@pytest.mark.parametrize("name", [TOO_LONG, "a"])
def test_of_what_fails_nothing_is_committed(name: str) -> None:
    if connection.vendor == "sqlite" and name == TOO_LONG:
        pytest.skip("only PostgreSQL: SQLite measures no text")
    with pytest.raises((DataError, IntegrityError)):
        add_at_last("a", name)

    assert seen_elsewhere() == set()
    add_at_last("b")
    assert seen_elsewhere() == {"b"}


@only_with_a_way
def test_what_is_refused_at_the_commit_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE pairs (id int PRIMARY KEY, other int REFERENCES pairs DEFERRABLE INITIALLY DEFERRED)"
        )
    try:
        with pytest.raises(IntegrityError), transaction.atomic(), ending(), together_at_last():
            prepared.do("INSERT INTO pairs VALUES (%s, %s)", [1, 2])
        assert prepared.ask("SELECT count(*) FROM pairs", [])() == [(0,)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE pairs")


def test_who_writes_another_way_commits_as_usual() -> None:
    with transaction.atomic(), ending(), together_at_last():
        ListenerCursor.objects.create(listener="a")

    assert seen_elsewhere() == {"a"}
