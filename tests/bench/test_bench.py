"""bin/bench, run for real with tiny numbers: what it calls acknowledged is in the database."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bench.load.record import NOBODY_IS_FREE

pytestmark = pytest.mark.process

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "bin/bench"
NO_ENVIRONMENT = 4
# A few of everything: what is fast or slow here says nothing, so any verdict will do.
TINY = ("--rounds", "1", "--seconds", "0.5", "--only", "saturation", "--customers", "160", "--in-flight", "4")


@pytest.fixture(scope="module", autouse=True)
def _environment() -> None:
    done = subprocess.run([BENCH, "--help"], capture_output=True, text=True, check=False)
    if done.returncode == NO_ENVIRONMENT:
        pytest.skip(f"needs the bench's own environment: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr


def bench(*arguments: str) -> Any:
    done = subprocess.run([BENCH, *arguments, "--json"], capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1, 2}, done.stderr
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def stored(database: Path, statement: str) -> int:
    with sqlite3.connect(database) as connection:
        return int(connection.execute(statement).fetchone()[0])


def test_every_acknowledged_message_is_stored_once_and_heard(tmp_path: Path) -> None:
    found = bench("chat", *TINY, "--folder", str(tmp_path))

    said = "SELECT count(*) FROM conversations_message WHERE client_id LIKE 'bench-0%'"
    assert stored(tmp_path / "kefu/kefu.sqlite3", said) == found["acked"]["Kefu"] > 0
    kept = "SELECT count(*) FROM reference_message"
    assert stored(tmp_path / "channels/kefu.sqlite3", kept) == found["acked"]["Channels"] > 0
    for name, (figures,) in found["figures"]["saturation"].items():
        assert figures["lost"] == figures["undelivered"] == 0, name
        # A fast product may need more customers than these few.
        assert set(figures["problems"]) <= {NOBODY_IS_FREE}, name
        # Who has let them all speak while it warmed up has nothing left to be timed by.
        is_timed = figures["acked_per_second"] > 0
        assert is_timed or figures["problems"]
        assert figures["server_us"] > 0 or not is_timed


def test_every_idle_socket_is_woken_by_a_frame_of_its_own() -> None:
    found = bench("idle", "--idle", "20", "--sockets", "30", "--rounds", "2")

    for name, figures in found["figures"].items():
        assert figures["missed"] == 0, name
        assert len(figures["rounds"]) == 2
        assert all(seconds > 0 for seconds in figures["rounds"])


def test_two_versions_take_turns() -> None:
    tiny = ("--turns", "2", "--seconds", "0.3", "--customers", "120")
    found = bench("versions", str(ROOT), *tiny)

    assert set(found["problems"]) <= {NOBODY_IS_FREE}
    if not found["problems"]:
        assert all(one["low"] > 0 for one in found["ratios"].values())


def test_what_is_no_version_is_said(tmp_path: Path) -> None:
    done = subprocess.run([BENCH, "versions", str(tmp_path)], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr == f"{tmp_path} is no checkout of Kefu.\n"
