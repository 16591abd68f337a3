"""The phases of a chat run, how it was chosen to be, and the figures that came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.load.record import Figures

SATURATION, LONG, OFFERED, LIST = "saturation", "long", "offered", "list"
PHASES = (SATURATION, LONG, OFFERED, LIST)
OFFERED_RATE, LONG_SECONDS = 150.0, 20.0
LIST_AGENTS, MOST_LATE_MS = 50, 1_000.0


@dataclass(frozen=True)
class Choice:
    """`customers` 0: as many as the product turns out to need."""

    rounds: int = 5
    seconds: float = 5.0
    in_flight: int = 64
    customers: int = 0
    phases: Sequence[str] = PHASES
    most_sockets: int = 10_000


@dataclass
class Results:
    """Figures by phase and server, one a round; and with how many messages under way the list did best."""

    figures: dict[str, dict[str, list[Figures]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    in_flight: dict[str, int] = field(default_factory=dict)
    # What was said before, between and after the figures counts as acknowledged too.
    acked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
