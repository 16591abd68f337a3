"""What is told with an answer need not be told again to a topic's only listener."""

from __future__ import annotations

import pytest

from kefu.realtime import topics
from kefu.realtime.topics import Listened, TopicKind

TOPIC = "test/1"


@pytest.fixture
def listened(monkeypatch: pytest.MonkeyPatch) -> Listened:
    kind = TopicKind("test/", lambda *_: False, lambda *_: None, lambda *_: [])
    monkeypatch.setattr(topics, "_kinds", [*topics._kinds, kind])
    found = Listened([TOPIC])
    found.note(TOPIC, 4)
    found.note(TOPIC, 6)
    return found


def test_all_places_must_have_been_told(listened: Listened) -> None:
    assert not listened.knows(TOPIC, [4, 5])
    assert not listened.knows("test/2", [4])
    assert listened.knows(TOPIC, [4, 6])


def test_what_is_delivered_is_forgotten(listened: Listened) -> None:
    listened.deliver(TOPIC, [])
    listened.deliver("test/2", [9])
    assert listened.knows(TOPIC, [4, 6])

    listened.deliver(TOPIC, [4, 5])

    assert not listened.knows(TOPIC, [4])
    assert listened.knows(TOPIC, [6])


def test_what_was_delivered_before_is_not_noted(listened: Listened) -> None:
    listened.deliver(TOPIC, [4, 5, 6])
    for place in (5, 6, 7):
        listened.note(TOPIC, place)

    assert [listened.knows(TOPIC, [place]) for place in (5, 6, 7)] == [False, False, True]


def test_who_comes_has_been_told_nothing(listened: Listened) -> None:
    listened.add(TOPIC)

    assert not listened.knows(TOPIC, [4])


def test_who_goes_leaves_nothing(listened: Listened) -> None:
    listened.deliver(TOPIC, [6])
    listened.discard(TOPIC)

    assert not listened.knows(TOPIC, [4])
    listened.note(TOPIC, 5)
    assert listened.knows(TOPIC, [5]), "Whatever was delivered to those before."
