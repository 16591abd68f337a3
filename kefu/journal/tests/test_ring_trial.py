"""The trial with which an operator asks whether one process hears another."""

from __future__ import annotations

import threading

import pytest

from kefu.journal.rings import trial
from kefu.journal.rings.trial import is_heard
from kefu.journal.tests.test_bell import Way


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "hears", "seconds"), [("local", True, 0), ("socket", True, 10), ("redis", False, 0.5)]
)
def test_whether_one_process_hears_another_can_be_tried(settings, tmp_path, way, hears, seconds):
    settings.DATA_DIR, settings.REDIS_URL = tmp_path, "redis://127.0.0.1:1/3"
    settings.RINGS = way

    assert is_heard(seconds) is hears


def test_a_trial_leaves_no_thread_and_nothing_open(monkeypatch):
    hears, tells = ways = Way(), Way()
    made = iter(ways)
    monkeypatch.setattr(trial, "transport_of_settings", lambda: next(made))

    # What the one is told comes nowhere.
    assert not is_heard(0.05)

    assert [frame.leases for frame in tells.sent] == [[{"lease": "trial"}]]
    assert [(way.opens, way.stops, way.closes) for way in ways] == [(1, 1, 1), (0, 0, 1)]
    assert hears.sent == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("rings")]


def test_who_waits_for_an_answer_has_it_after_three_seconds():
    assert is_heard.__defaults__ == (3,)
