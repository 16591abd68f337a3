from __future__ import annotations

import json
import threading

import pytest

from kefu.background import meters
from kefu.background.meters import Count, Level, Spread, readings


@pytest.fixture(autouse=True)
def _own_meters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meters, "METERS", {})


def test_many_threads_count_together():
    count = Count("rings", "How often it rang.")
    threads = [threading.Thread(target=lambda: [count.add() for _ in range(5_000)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count.add(3)

    assert count.read() == 40_003


def test_a_value_counts_where_it_is_at_most_the_bound():
    spread = Spread("seconds", "How long it took.", (1.0, 2.5))

    spread.take(0.5)
    spread.take_all([1.0, 2.0, 2.5, 7.0])

    assert spread.read() == {"counts": [2, 2, 1], "sum": 13.0}


def test_what_is_read_is_json_and_a_level_is_asked_for_just_then():
    sockets = [1]
    Count("rings", "").add()
    Level("sockets", "", lambda: len(sockets))
    Spread("seconds", "", (1.0,)).take(0.5)
    sockets.append(2)

    assert json.loads(json.dumps(readings())) == {
        "rings": 1,
        "sockets": 2,
        "seconds": {"counts": [1, 0], "sum": 0.5},
    }
