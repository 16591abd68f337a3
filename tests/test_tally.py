from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tiers.tally import Tally, check, tally

NEEDS = "SKIPPED [2] kefu/a.py:3: needs PostgreSQL\n"
ONLY = "SKIPPED [1] kefu/b.py:9: only where windows are taken\n"


@pytest.mark.parametrize(
    ("output", "code", "counted"),
    [
        ("..\n2 passed in 0.10s\n", 0, "2 passed, 0 failed"),
        (f"{NEEDS}1 failed, 7 passed, 2 skipped in 4.20s\n", 1, "7 passed, 1 failed, 2 skipped"),
        ("===== 3 passed, 1 error in 61.00s (0:01:01) =====\n", 1, "3 passed, 1 failed"),
        ("3 passed, 9 deselected, 2 warnings in 1.00s\n", 0, "3 passed, 0 failed"),
        ("3 passed, 2 subtests passed in 1.00s\n", 0, "3 passed, 0 failed"),
        ("3 passed, 1 xfailed, 1 xpassed in 1.00s\n", 0, "3 passed, 2 failed"),
        ("3 passed in 1.00s\n", 1, "3 passed, 1 failed"),
        ("1 passed in 1.00s\nand later\n4 passed in 1.00s\n", 0, "4 passed, 0 failed"),
        ("no tests ran in 0.01s\n", 5, "0 passed, 1 failed"),
        ("no tests ran in 0.01s\n", 0, "0 passed, 1 failed"),
        ("5 deselected in 0.01s\n", 5, "0 passed, 1 failed"),
        (f"{NEEDS}2 skipped in 0.01s\n", 0, "0 passed, 1 failed, 2 skipped"),
        (f"{ONLY}1 passed, 2 skipped in 0.01s\n", 0, "1 passed, 1 failed, 2 skipped"),
        ("Traceback\n", 2, "0 passed, 1 failed"),
        ("\n", 0, "0 passed, 1 failed"),
    ],
)
def test_a_run_of_tests_is_counted_by_its_last_line(output: str, code: int, counted: str) -> None:
    assert str(tally(output, code)) == counted


@pytest.mark.parametrize(("code", "counted"), [(0, "1 passed, 0 failed"), (2, "0 passed, 1 failed")])
def test_a_program_without_tests_is_one_check(code: int, counted: str) -> None:
    assert str(check(code)) == counted


def test_what_was_skipped_for_want_of_a_service_is_named() -> None:
    assert tally(f"{NEEDS}{ONLY}1 passed, 3 skipped in 0.10s\n", 0).wants == ["needs PostgreSQL"]


def test_a_reason_that_is_neither_want_nor_another_kind_of_machine_is_a_failure() -> None:
    counted = tally("SKIPPED [1] kefu/a.py:3: flaky on Mondays\n1 passed, 1 skipped in 0.10s\n", 0)

    assert (counted.failed, counted.faults) == (
        1,
        ["skipped for a reason that does not count: flaky on Mondays"],
    )


REAL = """
import pytest

def test_it_passes():
    pass

@pytest.mark.skip(reason="needs a printer")
@pytest.mark.parametrize("number", [1, 2])
def test_it_wants(number):
    pass

@pytest.fixture
def sea():
    pytest.skip("only at the sea")

def test_it_is_about_another_machine(sea):
    pass

def test_it_is_left_out():
    pytest.skip("tomorrow")

def test_it_fails():
    assert False

@pytest.mark.xfail
def test_it_is_hoped_to_fail():
    assert False
"""


def really(place: Path, *options: str) -> Tally:
    (place / "pytest.ini").write_text("[pytest]\n")
    (place / "test_real.py").write_text(REAL)
    command = [sys.executable, "-m", "pytest", "-q", "-rfEs", "-p", "no:django", *options, str(place)]
    # What is run here is a run of its own and not a part of the one that we are in.
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "SLIPCOVER_"))
    }
    done = subprocess.run(
        command,
        cwd=place,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return tally(done.stdout, done.returncode)


@pytest.mark.parametrize(
    "workers", [(), pytest.param(("-n", "2"), marks=pytest.mark.slow)], ids=["alone", "in parallel"]
)
def test_what_pytest_really_says_is_understood(tmp_path: Path, workers: tuple[str, ...]) -> None:
    counted = really(tmp_path, *workers)

    assert (counted.passed, counted.skipped, counted.wants) == (1, 4, ["needs a printer"])
    assert counted.faults == ["skipped for a reason that does not count: tomorrow"]
    assert counted.failed == len(["it fails", "it is hoped to fail", "tomorrow"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chosen", "fault"), [("nothing", "no test ran"), ("wants", "every test was skipped")]
)
def test_a_real_run_that_proves_nothing_has_failed(tmp_path: Path, chosen: str, fault: str) -> None:
    counted = really(tmp_path, "-k", chosen)

    assert (counted.passed, counted.failed, counted.faults) == (0, 1, [fault])
