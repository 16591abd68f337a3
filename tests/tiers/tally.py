"""What a command says of tests: how many passed, failed and were skipped, and why; and whether any ran at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# A test that is expected to fail hides what it fails at, so it counts as failed.
COUNT = re.compile(r"(\d+) (passed|skipped|x?failed|xpassed|errors?)\b")
SUMMARY = re.compile(r"^=*\s?(?:no tests ran|\d+ [a-z ]+(?:, \d+ [a-z ]+)*) in [\d.]+s", re.MULTILINE)
SKIPPED = re.compile(r"^SKIPPED \[(\d+)\] [^ ]+: (.*)$", re.MULTILINE)
# A test that is skipped says why with its first word: a service is missing, or it is about another machine or database.
WANT, OTHER = "needs ", "only "


@dataclass
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    wants: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.wants += [want for want in other.wants if want not in self.wants]

    def fail(self, fault: str) -> None:
        """A failure that pytest did not count."""
        self.failed += 1
        self.faults.append(fault)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def check(code: int) -> Tally:
    """A program without tests is a single check."""
    return Tally(passed=int(code == 0), failed=int(code != 0))


def tally(output: str, code: int) -> Tally:
    """The counts of pytest's last line, and a failure more for a run that proves nothing."""
    summaries = SUMMARY.findall(output)
    counted = Tally()
    for number, word in COUNT.findall(summaries[-1] if summaries else ""):
        kind = word if word in {"passed", "skipped"} else "failed"
        setattr(counted, kind, getattr(counted, kind) + int(number))
    _judge_skips(SKIPPED.findall(output), counted)
    if not counted.failed and not counted.passed:
        counted.fail("every test was skipped" if counted.skipped else "no test ran")
    elif code and not counted.failed:
        counted.fail(f"pytest left with code {code}")
    return counted


def _judge_skips(skips: list[tuple[str, str]], counted: Tally) -> None:
    counted.wants = [reason for _, reason in skips if reason.startswith(WANT)]
    for _, reason in skips:
        if not reason.startswith((WANT, OTHER)):
            counted.fail(f"skipped for a reason that does not count: {reason}")
    if sum(int(number) for number, _ in skips) != counted.skipped:
        counted.fail("skipped without a reason")
