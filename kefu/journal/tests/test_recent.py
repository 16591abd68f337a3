"""What a process has recorded is kept until its tail takes it, and given in an unbroken row."""

from __future__ import annotations

import pytest

from kefu.journal import recent as module
from kefu.journal.models import Entry
from kefu.journal.recent import Recent


def entries(*ids: int) -> list[Entry]:
    return [Entry(pk=pk) for pk in ids]


def ids(found: tuple[list[Entry], bool]) -> tuple[list[int], bool]:
    return [entry.pk for entry in found[0]], found[1]


@pytest.fixture
def kept() -> Recent:
    made = Recent()
    made.begin()
    return made


def test_what_follows_a_place_is_given_once_and_in_order(kept):
    # Of two commits the later one may come here first.
    kept.keep(entries(7))
    kept.keep(entries(5, 6))

    assert ids(kept.after(4, 10)) == ([5, 6, 7], True)
    assert ids(kept.after(4, 10)) == ([], True)
    assert ids(kept.after(7, 10)) == ([], True)


def test_nothing_is_given_past_a_hole_and_what_waits_behind_it_is_said(kept):
    kept.keep(entries(5, 7))

    assert ids(kept.after(4, 10)) == ([5], False)
    assert ids(kept.after(5, 10)) == ([], False)
    assert ids(kept.after(6, 10)) == ([7], True)


def test_what_was_read_in_another_way_is_forgotten(kept):
    kept.keep(entries(5, 6))

    assert ids(kept.after(6, 10)) == ([], True)
    assert ids(kept.after(4, 10)) == ([], True)


def test_more_than_is_wanted_stays(kept):
    kept.keep(entries(5, 6, 7))

    assert ids(kept.after(4, 2)) == ([5, 6], False)
    assert ids(kept.after(6, 2)) == ([7], True)


def test_the_oldest_make_room(kept, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    kept.keep(entries(5, 6, 7))

    assert ids(kept.after(4, 10)) == ([], False)
    assert ids(kept.after(5, 10)) == ([6, 7], True)


def test_without_somebody_who_follows_nothing_is_kept(kept):
    kept.keep(entries(5))
    kept.end()
    kept.keep(entries(6))
    kept.begin()

    assert ids(kept.after(4, 10)) == ([], True)
    assert ids(kept.after(5, 10)) == ([], True)
