from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import unittest
import pytest

@pytest.mark.django_db
def test_that_is_marked(): pass

@pytest.fixture
def row(db): pass

def test_that_has_a_row(row): pass

def test_with_transactions_of_its_own(transactional_db): pass

class TestOfAnotherKind(unittest.TestCase):
    def test_too(self): pass

def test_that_asks_nobody(tmp_path): pass
"""
HOUSE = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_only_what_may_ask_a_database_is_left(tmp_path: Path) -> None:
    (tmp_path / "test_real.py").write_text(TESTS)
    options = [
        "--collect-only",
        "-q",
        "-p",
        "tests.tiers.of_databases",
        f"--rootdir={tmp_path}",
        "-c",
        "/dev/null",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--ds=kefu.config.testing", str(tmp_path)],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )

    left = [line.rpartition("::")[2] for line in done.stdout.splitlines() if "::" in line]
    assert left == [
        "test_that_is_marked",
        "test_that_has_a_row",
        "test_with_transactions_of_its_own",
        "test_too",
    ]
