"""Which conversation a ref stands for is asked once a process, and so is the ref of one to which somebody listens."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.conversations import refs
from kefu.conversations.snapshot import load
from kefu.conversations.tests.factories import make_conversation, make_house

pytestmark = pytest.mark.django_db


def test_whoever_was_loaded_is_known_both_ways(django_assert_num_queries: Any) -> None:
    one = make_conversation(make_house())
    load(one.ref)

    with django_assert_num_queries(0):
        assert refs.ids_of([one.ref]) == [one.pk]
        assert refs.refs_of({one.pk}) == {one.pk: one.ref}


def test_the_others_are_asked_for_together(django_assert_num_queries: Any) -> None:
    house = make_house()
    known, *others = (make_conversation(house) for _ in range(4))
    load(known.ref)
    wanted = {one.pk: one.ref for one in (known, *others)}

    for _ in range(2):
        # They are not remembered: of all that happens elsewhere a process hears little.
        with django_assert_num_queries(1):
            assert refs.refs_of([*wanted, 10**9]) == wanted


def test_too_many_are_forgotten_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refs, "MOST_KNOWN", 2)
    for number in (1, 2, 3):
        refs.remember(f"XH-{number}", number)

    assert (refs._known, refs._refs) == ({"XH-3": 3}, {3: "XH-3"})
