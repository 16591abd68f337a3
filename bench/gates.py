"""What a figure must reach, what it should, and what makes a run worth nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from bench.measuring import Spread, shown


class Verdict(IntEnum):
    """The exit code. A run that is not valid says nothing of its gates."""

    GOOD = 0
    FAILED = 1
    NOT_VALID = 2


@dataclass(frozen=True)
class Gate:
    """A figure with its bound: at least so much, or at most, as `is_least` says; the aim is reported only."""

    says: str
    figure: Spread
    bound: float
    aim: float | None = None
    is_least: bool = True

    @property
    def holds(self) -> bool:
        return self._reaches(self.bound)

    def _reaches(self, bound: float) -> bool:
        if math.isnan(self.figure.median):
            return False
        return self.figure.median >= bound if self.is_least else self.figure.median <= bound

    def __str__(self) -> str:
        sign = "≥" if self.is_least else "≤"
        words = [
            f"{'holds' if self.holds else 'FAILS'}  {self.says}: {self.figure}, gate {sign} {self.bound:g}"
        ]
        if self.aim is not None:
            reached = "reached" if self._reaches(self.aim) else "not reached"
            words.append(f"aim {sign} {self.aim:g} {reached}")
        return ", ".join(words)

    def as_data(self) -> dict[str, object]:
        return {
            "says": self.says,
            "median": self.figure.median,
            "low": self.figure.low,
            "high": self.figure.high,
            "bound": self.bound,
            "aim": self.aim,
            "holds": self.holds,
        }


@dataclass
class Findings:
    """All that a run found: its gates, what makes it not valid, and what its reader should know."""

    gates: list[Gate] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        if self.invalid:
            return Verdict.NOT_VALID
        return Verdict.GOOD if all(gate.holds for gate in self.gates) else Verdict.FAILED

    def needs_reference(self, share: Spread, least: float) -> None:
        """A reference that crawls would flatter us."""
        if not share.median >= least:
            self.invalid.append(
                f"the reference reached {shown(share.median)} of the limit; below {least:g} it is no measure"
            )

    def lines(self) -> Sequence[str]:
        return [
            *(str(gate) for gate in self.gates),
            *(f"note   {remark}" for remark in self.remarks),
            *(f"NOT VALID  {reason}" for reason in self.invalid),
        ]
