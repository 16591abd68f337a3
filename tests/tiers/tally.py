"""What a command's output says about tests: how many passed, failed and were skipped, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)\b")
SUMMARY = re.compile(
    r"^=*\s?(?:no tests ran|\d+ (?:passed|failed|errors?|skipped|deselected)).* in [\d.]+s", re.MULTILINE
)
SKIPPED = re.compile(r"^SKIPPED \[\d+\] [^ ]+: (.+)$", re.MULTILINE)
# A test that is skipped for want of a service says so with its first word.
WANT = "needs "


@dataclass
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    wants: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.wants += [want for want in other.wants if want not in self.wants]

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def tally(output: str, code: int) -> Tally:
    """The counts of pytest's last line. A command without one counts as a single check."""
    summaries = SUMMARY.findall(output)
    if not summaries:
        return Tally(passed=int(code == 0), failed=int(code != 0))
    counts = {"passed": 0, "failed": 0, "error": 0, "skipped": 0}
    for number, word in COUNT.findall(summaries[-1]):
        counts[word.rstrip("s") if word.startswith("error") else word] += int(number)
    failed = counts["failed"] + counts["error"]
    if code and not failed:
        # Pytest left with a code of its own, for instance because a warning came after the last test.
        failed = 1
    wants = [reason for reason in SKIPPED.findall(output) if reason.startswith(WANT)]
    return Tally(passed=counts["passed"], failed=failed, skipped=counts["skipped"], wants=wants)
