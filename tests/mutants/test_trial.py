from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.mutants import trial
from tests.mutants.databases import OnSQLite
from tests.mutants.trial import HELD_UP, NOT_NOTICED, TIMED_OUT, Workshop


def outcome(code: int, *, after: float = 0, patience: float = 20) -> int:
    child = os.fork()
    if not child:
        os.setsid()
        time.sleep(after)
        os._exit(code)
    return trial._outcome(child, patience)


@pytest.fixture
def stood_still(monkeypatch) -> None:
    monkeypatch.setattr(trial, "STILL", 0)


def test_a_trial_ends_as_its_tests_end() -> None:
    assert [outcome(code) for code in (0, 1, 2)] == [NOT_NOTICED, 1, 2]


def test_a_trial_that_does_not_end_is_ended() -> None:
    assert outcome(0, after=60, patience=0.1) == TIMED_OUT


@pytest.mark.usefixtures("stood_still")
def test_a_failure_while_the_machine_stood_still_says_nothing() -> None:
    assert outcome(1) == HELD_UP
    assert outcome(0, after=60, patience=0.1) == HELD_UP
    assert outcome(0) == NOT_NOTICED


def test_a_trial_that_was_held_up_is_made_again(tmp_path) -> None:
    class Stopped(Workshop):
        def __init__(self, place: Path) -> None:
            self.place, self.outcomes = place, iter([HELD_UP, HELD_UP, 1, NOT_NOTICED])

        def _forked(self, *_: object, **__: object) -> int:
            return next(self.outcomes)

    (tmp_path / "module.py").write_text("a = 1\n")

    assert Stopped(tmp_path).try_out("module.py", "a = 2\n") == 1


def test_every_trial_begins_with_the_empty_database(tmp_path) -> None:
    folder, copy = tmp_path / "tests", tmp_path / "empty"
    folder.mkdir()
    (folder / "test.sqlite3").write_text("empty")
    kept = OnSQLite(folder, copy)
    kept.keep()
    assert not (folder / "test.sqlite3").exists()

    for _ in range(2):
        kept.bring_back()
        assert (folder / "test.sqlite3").read_text() == "empty"
        (folder / "test.sqlite3").write_text("what a trial has written")
        (folder / "test.sqlite3-wal").write_text("what it was about to write")

    kept.bring_back()
    assert [path.name for path in folder.iterdir()] == ["test.sqlite3"]
