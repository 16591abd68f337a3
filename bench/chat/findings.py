"""What the figures of a chat run mean: gates, aims, and whether the run is valid at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.chat.results import LIST, LIST_AGENTS, LONG, MOST_LATE_MS, OFFERED, SATURATION, Results
from bench.chat.setting import LIMIT, REFERENCE
from bench.gates import Findings, Gate
from bench.load.record import NOBODY_IS_FREE, Figures
from bench.measuring import Spread, ratios, shown
from bench.product import Kefu

KEFU = Kefu.name
BUSY_LOAD = 0.9
Figure = Callable[[Figures], float]


@dataclass(frozen=True)
class Bounds:
    """Gates and aims against the reference and the limit, and what share of the limit makes a reference a measure."""

    reference: float
    reference_aim: float
    limit: float
    limit_aim: float
    valid: float


BOUNDS = {
    "sqlite": Bounds(reference=6, reference_aim=10, limit=0.18, limit_aim=0.30, valid=0.025),
    "postgres": Bounds(reference=9, reference_aim=15, limit=0.09, limit_aim=0.17, valid=0.008),
}
DELIVERY_TO_ACK, GROWTH, OFFERED_TO_LIMIT = 1.5, 1.5, 30
LIST_TO_REFERENCE, LIST_AIM = 4, 8


class Weighing:
    """Turns results into findings, phase by phase; what was not measured is not weighed."""

    def __init__(self, results: Results, database: str) -> None:
        self.results = results
        self.bounds = BOUNDS[database]
        self.findings = Findings()

    def weigh(self) -> Findings:
        for phase in (self._saturation, self._long, self._offered, self._list):
            phase()
        self._look_for_losses()
        self._look_for_trouble()
        return self.findings

    def _saturation(self) -> None:
        ours = self._of(SATURATION, KEFU)
        if not ours:
            return
        bounds = self.bounds
        self._compare(
            "acknowledged a second ÷ Channels", SATURATION, REFERENCE, bounds.reference, bounds.reference_aim
        )
        self._compare("acknowledged a second ÷ limit", SATURATION, LIMIT, bounds.limit, bounds.limit_aim)
        self._tell_cpu(ours)
        lag = ratios([one.delivery_p50_ms for one in ours], [one.ack_p50_ms for one in ours])
        self._gate("delivery p50 ÷ ack p50", lag, DELIVERY_TO_ACK)
        limit, reference = self._of(SATURATION, LIMIT), self._of(SATURATION, REFERENCE)
        if limit and reference:
            self.findings.needs_reference(ratios(rates(reference), rates(limit)), bounds.valid)

    def _tell_cpu(self, ours: list[Figures]) -> None:
        """Neighbours take time from everybody's clock, but hardly from a process's own."""
        for name in (REFERENCE, LIMIT):
            if theirs := self._of(SATURATION, name):
                share = ratios([one.server_us for one in theirs], [one.server_us for one in ours])
                self.findings.remarks.append(f"CPU a message of the web process, {name} ÷ Kefu: {share}")

    def _long(self) -> None:
        ours, theirs = self._of(LONG, KEFU), self._of(LONG, REFERENCE)
        for one in ours[:1]:
            self._gate("delivery p50 at the end of 20 s ÷ at first", Spread.of([one.delivery_growth]), GROWTH)
            lag = ratios([one.delivery_p50_ms], [one.ack_p50_ms])
            self._gate("delivery p50 ÷ ack p50 over 20 s", lag, DELIVERY_TO_ACK)
        for name, figures in ((KEFU, ours), (REFERENCE, theirs)):
            if figures:
                behind = shown(figures[0].behind_seconds)
                self.findings.remarks.append(f"after 20 s {name} was {behind} s behind with its deliveries")

    def _offered(self) -> None:
        ours, limit = self._of(OFFERED, KEFU), self._of(OFFERED, LIMIT)
        if ours and limit:
            tail = ratios([one.ack_p99_ms for one in ours], [one.ack_p50_ms for one in limit])
            self._gate("ack p99 at 150 a second ÷ limit's p50", tail, OFFERED_TO_LIMIT)

    def _list(self) -> None:
        if not self._of(LIST, KEFU):
            return
        says = f"{LIST_AGENTS} agents on one list, acknowledged a second ÷ Channels"
        self._compare(says, LIST, REFERENCE, LIST_TO_REFERENCE, LIST_AIM)
        for name in (KEFU, REFERENCE):
            if figures := self._of(LIST, name):
                late = Spread.of([one.delivery_p99_ms for one in figures])
                under_way = self.results.in_flight.get(name, 0)
                self.findings.remarks.append(
                    f"list: {name} did best with {under_way} under way, the last agent's p99 {late} ms"
                )
        ours = Spread.of([one.delivery_p99_ms for one in self._of(LIST, KEFU)])
        self._gate(f"the last of {LIST_AGENTS} agents, p99 in ms", ours, MOST_LATE_MS)

    def _compare(self, says: str, phase: str, other: str, bound: float, aim: float) -> None:
        ours, theirs = self._of(phase, KEFU), self._of(phase, other)
        if ours and theirs:
            figure = ratios(rates(ours), rates(theirs))
            self.findings.gates.append(Gate(says, figure, bound, aim, is_least=True))

    def _gate(self, says: str, figure: Spread, most: float) -> None:
        self.findings.gates.append(Gate(says, figure, most, is_least=False))

    def _of(self, phase: str, name: str) -> list[Figures]:
        return self.results.figures.get(phase, {}).get(name, [])

    def _look_for_losses(self) -> None:
        """What the product loses fails; what a reference loses makes it no reference."""
        for phase, servers in self.results.figures.items():
            for name, figures in servers.items():
                lost = sum(one.lost for one in figures)
                undelivered = sum(one.undelivered for one in figures)
                if not (lost or undelivered):
                    continue
                if name == KEFU:
                    missing = Spread.of([float(lost + undelivered)])
                    self._gate(f"{phase}: messages of Kefu without an answer or a hearer", missing, 0)
                else:
                    self.findings.invalid.append(
                        f"{phase}: {name} lost {lost} messages, {undelivered} deliveries"
                    )

    def _look_for_trouble(self) -> None:
        for phase, servers in self.results.figures.items():
            for name, figures in servers.items():
                self._tell_problems(phase, name, figures)
                share = max(one.load_busy for one in figures)
                if share > BUSY_LOAD:
                    self.findings.remarks.append(
                        f"{phase}: the load used {share:.0%} of its core against {name}, which may be faster than it looks"
                    )
                waited = max(one.load_waited for one in figures)
                if share + waited > BUSY_LOAD >= share:
                    self.findings.remarks.append(
                        f"{phase}: against {name} others took {waited:.0%} of the load's core from it"
                    )

    def _tell_problems(self, phase: str, name: str, figures: list[Figures]) -> None:
        for problem in sorted({problem for one in figures for problem in one.problems}):
            times = sum(one.problems.get(problem, 0) for one in figures)
            told = f"{phase}: {name}: {problem} ({times} times)"
            # Offered more than it answers, a server has all customers waiting; that it is late shows by itself.
            is_behind = problem == NOBODY_IS_FREE and phase == OFFERED
            (self.findings.remarks if is_behind else self.findings.invalid).append(told)


def rates(figures: Sequence[Figures]) -> list[float]:
    return [one.acked_per_second for one in figures]
