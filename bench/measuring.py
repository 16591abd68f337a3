"""The statistics of a run: percentiles, the spread over rounds, ratios, and whether something grows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

QUARTERS = 4


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is at least as large as this share of all (nearest rank); NaN of none."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass(frozen=True)
class Spread:
    """What several rounds gave: their median, the least and the most."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """NaN in any round is NaN in all: a figure that is missing is not left out in silence."""
        if not values or any(math.isnan(value) for value in values):
            return cls(math.nan, math.nan, math.nan)
        return cls(median(values), min(values), max(values))

    def __str__(self) -> str:
        if math.isnan(self.median):
            return "–"
        return f"{shown(self.median)} [{shown(self.low)}–{shown(self.high)}]"


def shown(value: float) -> str:
    """Three figures are all that a shared machine can tell."""
    if math.isnan(value):
        return "–"
    if math.isinf(value) or abs(value) >= 100:  # noqa: PLR2004 - three figures before the point
        return f"{value:,.0f}"
    return f"{value:#.3g}".rstrip(".")


def ratio(over: float, under: float) -> float:
    """NaN where there is nothing to divide by."""
    return over / under if under else math.nan


def ratios(over: Sequence[float], under: Sequence[float]) -> Spread:
    """Round by round, because neighbours in time had the same neighbours on the machine."""
    return Spread.of([ratio(a, b) for a, b in zip(over, under, strict=True)])


def growth(points: Sequence[tuple[float, float]]) -> float:
    """How a latency grew: the median of the last quarter over that of the first. Points are (moment sent, latency)."""
    if not points:
        return math.nan
    first, last = min(at for at, _ in points), max(at for at, _ in points)
    quarter = (last - first) / QUARTERS
    early = [latency for at, latency in points if at <= first + quarter]
    late = [latency for at, latency in points if at >= last - quarter]
    return ratio(median(late), median(early))
