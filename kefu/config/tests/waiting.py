"""Waiting in tests: a condition with a deadline."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


def until(condition: Callable[[], object], *, within: float = 10.0) -> None:
    """Wait until the condition holds; fail when the time is up."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        told = Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
    # A zombie is dead; somebody has only not looked yet.
    return told.rsplit(")", 1)[1].split()[0] != "Z"
