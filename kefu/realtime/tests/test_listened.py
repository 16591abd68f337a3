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
    assert not listened.have_been_told(TOPIC, [5])
    assert not listened.have_been_told("test/2", [4])
    assert listened.have_been_told(TOPIC, [4, 6])


def test_it_is_asked_once(listened: Listened) -> None:
    assert not listened.have_been_told(TOPIC, [4, 5])
    assert not listened.have_been_told(TOPIC, [4])
    assert listened.have_been_told(TOPIC, [6])


def test_who_comes_has_been_told_nothing(listened: Listened) -> None:
    listened.add(TOPIC)

    assert not listened.have_been_told(TOPIC, [4])


def test_who_goes_leaves_nothing(listened: Listened) -> None:
    listened.discard(TOPIC)

    assert not listened.have_been_told(TOPIC, [4])
