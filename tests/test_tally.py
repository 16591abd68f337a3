from __future__ import annotations

import pytest

from tests.tiers.tally import tally


@pytest.mark.parametrize(
    ("output", "code", "counted"),
    [
        ("..\n2 passed in 0.10s\n", 0, "2 passed, 0 failed"),
        ("1 failed, 7 passed, 2 skipped in 4.20s\n", 1, "7 passed, 1 failed, 2 skipped"),
        ("===== 3 passed, 1 error in 61.00s (0:01:01) =====\n", 1, "3 passed, 1 failed"),
        ("3 passed in 1.00s\n", 1, "3 passed, 1 failed"),
        ("no tests ran in 0.01s\n", 0, "0 passed, 0 failed"),
        ("5 deselected in 0.01s\n", 0, "0 passed, 0 failed"),
        ("All good\n", 0, "1 passed, 0 failed"),
        ("Traceback\n", 2, "0 passed, 1 failed"),
    ],
)
def test_a_command_is_counted_by_its_last_line(output: str, code: int, counted: str) -> None:
    assert str(tally(output, code)) == counted


def test_what_was_skipped_for_want_of_a_service_is_named() -> None:
    output = (
        "SKIPPED [1] kefu/a.py:3: needs PostgreSQL\n"
        "SKIPPED [2] kefu/b.py:9: only where windows are taken\n"
        "1 passed, 3 skipped in 0.10s\n"
    )

    assert tally(output, 0).wants == ["needs PostgreSQL"]
