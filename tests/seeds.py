"""What bin/test's --long and --seed mean to a test: how long it runs, how many examples it draws, and from which seeds."""

from __future__ import annotations

import os

# A short run draws the same on every machine, so that it fails only for what was changed.
USUAL = 1
LONGER = 20


def is_long() -> bool:
    return os.environ.get("TEST_LONG") == "1"


def seeds() -> list[int]:
    """The whole numbers of TEST_SEEDS, with commas between them."""
    return [int(number) for number in os.environ.get("TEST_SEEDS", "").split(",") if number] or [USUAL]


def examples(usual: int) -> int:
    return usual * LONGER if is_long() else usual


def is_drawn_anew() -> bool:
    return is_long() or bool(os.environ.get("TEST_SEEDS"))
