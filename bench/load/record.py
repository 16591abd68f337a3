"""What the load saw of one run, message by message, and the figures that follow from it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.measuring import growth, percentile

MS, MICRO = 1e3, 1e6
NOBODY_IS_FREE = "no customer was free to speak: more are needed, or the server stands still"


@dataclass
class Usage:
    """CPU seconds so far: the server's web process, what the product runs beside it, the load, and the load's waiting."""

    at: float
    server: float
    beside: float
    load: float
    load_waited: float


@dataclass
class Record:
    """When each message was sent, acknowledged, and heard by the last of those who should hear it."""

    sent: dict[int, float] = field(default_factory=dict)
    acked: dict[int, float] = field(default_factory=dict)
    heard: dict[int, float] = field(default_factory=dict)
    problems: Counter[str] = field(default_factory=Counter)
    began: Usage | None = None
    ended: Usage | None = None
    is_heard: bool = True

    def figures(self) -> Figures:
        """Of the window between the two looks at the clock; what was sent in it counts for latencies however late it came."""
        assert self.began is not None  # noqa: S101 - the run has ended
        assert self.ended is not None  # noqa: S101 - as above
        first, last = self.began.at, self.ended.at
        seconds = last - first
        acks = sum(first <= at < last for at in self.acked.values())
        heard = sum(first <= at < last for at in self.heard.values())
        sent = [serial for serial, at in self.sent.items() if first <= at < last]
        ack = [self.acked.get(serial, math.inf) - self.sent[serial] for serial in sent]
        delivery = (
            [(self.sent[s], self.heard.get(s, math.inf) - self.sent[s]) for s in sent]
            if self.is_heard
            else []
        )
        late = [latency for _, latency in delivery]
        load = self.ended.load - self.began.load
        return Figures(
            acked_per_second=acks / seconds,
            delivered_per_second=heard / seconds if self.is_heard else math.nan,
            ack_p50_ms=percentile(ack, 0.5) * MS,
            ack_p99_ms=percentile(ack, 0.99) * MS,
            delivery_p50_ms=percentile(late, 0.5) * MS,
            delivery_p99_ms=percentile(late, 0.99) * MS,
            delivery_most_ms=max(late, default=math.nan) * MS,
            delivery_growth=growth(delivery),
            behind_seconds=self._behind(last) / (acks / seconds) if acks else math.nan,
            server_us=(self.ended.server - self.began.server) / acks * MICRO if acks else math.nan,
            beside_us=(self.ended.beside - self.began.beside) / acks * MICRO if acks else math.nan,
            load_busy=load / seconds,
            load_waited=(self.ended.load_waited - self.began.load_waited) / seconds,
            acked=len(self.acked),
            lost=len(self.sent) - len(self.acked),
            undelivered=len(self.acked.keys() - self.heard.keys()) if self.is_heard else 0,
            problems=dict(self.problems),
        )

    def _behind(self, at: float) -> float:
        """How many messages were acknowledged then, and not heard yet."""
        if not self.is_heard:
            return math.nan
        return sum(acked <= at < self.heard.get(serial, math.inf) for serial, acked in self.acked.items())


@dataclass(frozen=True)
class Figures:
    """One run's figures. `beside_us` is the CPU of what runs beside the web process, a worker for instance.

    `behind_seconds`: how many seconds' worth of acknowledged messages nobody had heard yet when the run ended.
    """

    acked_per_second: float
    delivered_per_second: float
    ack_p50_ms: float
    ack_p99_ms: float
    delivery_p50_ms: float
    delivery_p99_ms: float
    delivery_most_ms: float
    delivery_growth: float
    behind_seconds: float
    server_us: float
    beside_us: float
    load_busy: float
    load_waited: float
    acked: int
    lost: int
    undelivered: int
    problems: dict[str, int]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)
