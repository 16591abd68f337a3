"""A chat run as people and programs read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bench.chat.results import LIST, LIST_AGENTS, LONG, OFFERED, OFFERED_RATE, SATURATION, Choice, Results
from bench.gates import Findings
from bench.load.record import Figures
from bench.measuring import Spread, shown

COLUMNS: dict[str, Callable[[Figures], float]] = {
    "acked/s": lambda one: one.acked_per_second,
    "delivered/s": lambda one: one.delivered_per_second,
    "ack p50 ms": lambda one: one.ack_p50_ms,
    "ack p99 ms": lambda one: one.ack_p99_ms,
    "delivery p50 ms": lambda one: one.delivery_p50_ms,
    "delivery p99 ms": lambda one: one.delivery_p99_ms,
    "behind s": lambda one: one.behind_seconds,
    "CPU µs/message": lambda one: one.server_us,
    "beside µs": lambda one: one.beside_us,
    "load": lambda one: one.load_busy,
}
WIDTH = 27


def titles(choice: Choice) -> dict[str, str]:
    times = f"{choice.rounds} × {choice.seconds:g} s"
    return {
        SATURATION: f"{choice.in_flight} customers, one message under way each, {times}",
        LONG: "the same once for 20 s",
        OFFERED: f"{OFFERED_RATE:g} messages a second offered, {times}",
        LIST: f"{LIST_AGENTS} agents watch one list, the next message when all have the last, {times}",
    }


def lines(results: Results, findings: Findings, choice: Choice) -> list[str]:
    """Median [least–most] over the rounds. Absolute figures are this machine's, today; ratios are what counts."""
    said = []
    for phase, title in titles(choice).items():
        if phase in results.figures:
            said += [f"\n{phase}: {title}", *table(results.figures[phase])]
    return [*said, "", *findings.lines()]


def table(servers: dict[str, list[Figures]]) -> list[str]:
    rows = [["", *servers]]
    for column, figure in COLUMNS.items():
        rows.append([column, *(_spread(figures, figure) for figures in servers.values())])
    return ["  ".join(f"{cell:<{WIDTH}}" for cell in row).rstrip() for row in rows]


def _spread(figures: Sequence[Figures], figure: Callable[[Figures], float]) -> str:
    values = [figure(one) for one in figures]
    return shown(values[0]) if len(values) == 1 else str(Spread.of(values))


def data(results: Results, findings: Findings, database: str) -> dict[str, Any]:
    return {
        "database": database,
        "figures": {
            phase: {name: [one.as_data() for one in figures] for name, figures in servers.items()}
            for phase, servers in results.figures.items()
        },
        "acked": dict(results.acked),
        "in_flight_on_the_list": results.in_flight,
        "gates": [gate.as_data() for gate in findings.gates],
        "remarks": findings.remarks,
        "invalid": findings.invalid,
        "verdict": findings.verdict.name.lower(),
    }
