"""What operators see at /metrics: plain numbers, kept where the work is done, and read by whoever asks.

A number costs a lock and an addition. It stands for a whole process: none names a person, a conversation or a brand.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Any

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
NUMBERS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)
METERS: dict[str, Meter] = {}


class Count:
    """How often something has happened since the process began."""

    def __init__(self, name: str, says: str) -> None:
        self.name, self.says = name, says
        self._lock, self._value = threading.Lock(), 0
        METERS[name] = self

    def add(self, number: int = 1) -> None:
        with self._lock:
            self._value += number

    def read(self) -> int:
        return self._value


class Level:
    """How much there is of something just now; `ask` is called when somebody reads it."""

    def __init__(self, name: str, says: str, ask: Callable[[], float]) -> None:
        self.name, self.says = name, says
        self.read = ask
        METERS[name] = self


class Spread:
    """How values are spread: how many were at most each bound, how many above all, and their sum."""

    def __init__(self, name: str, says: str, bounds: Sequence[float]) -> None:
        self.name, self.says, self.bounds = name, says, tuple(bounds)
        self._lock, self._sum = threading.Lock(), 0.0
        self._counts = [0] * (len(bounds) + 1)
        METERS[name] = self

    def take(self, value: float) -> None:
        self.take_all((value,))

    def take_all(self, values: Iterable[float]) -> None:
        counts, bounds = self._counts, self.bounds
        with self._lock:
            for value in values:
                counts[bisect_left(bounds, value)] += 1
                self._sum += value

    def read(self) -> dict[str, Any]:
        with self._lock:
            return {"counts": list(self._counts), "sum": self._sum}


Meter = Count | Level | Spread


def readings() -> dict[str, Any]:
    """All meters of this process as they stand, in values that JSON has."""
    return {name: meter.read() for name, meter in METERS.items()}
