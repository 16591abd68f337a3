"""What the load saw of one run, message by message, and the figures that follow from it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
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

    def used(self) -> Usage:
        """Between the two looks at the clock, which are the window that counts."""
        assert self.began is not None  # noqa: S101 - the run has ended
        assert self.ended is not None  # noqa: S101 - as above
        return Usage(
            *(after - before for before, after in zip(astuple(self.began), astuple(self.ended), strict=True))
        )

    def in_window(self, moments: Mapping[int, float]) -> list[int]:
        """The serials whose moment lies in it."""
        assert self.began is not None  # noqa: S101 - the run has ended
        assert self.ended is not None  # noqa: S101 - as above
        return [serial for serial, at in moments.items() if self.began.at <= at < self.ended.at]

    def behind(self) -> float:
        """How many messages were acknowledged at its end, and not heard yet."""
        assert self.ended is not None  # noqa: S101 - the run has ended
        at = self.ended.at
        return sum(acked <= at < self.heard.get(serial, math.inf) for serial, acked in self.acked.items())


def figures_of(records: Sequence[Record]) -> Figures:
    """Of all their windows together. What was sent in one counts for latencies however late it came."""
    used = [one.used() for one in records]
    total = Usage(*(sum(parts) for parts in zip(*(astuple(one) for one in used), strict=True)))
    seconds, is_heard = total.at, all(one.is_heard for one in records)
    acks = sum(len(one.in_window(one.acked)) for one in records)
    heard = sum(len(one.in_window(one.heard)) for one in records)
    sent = [(one, serial, one.sent[serial]) for one in records for serial in one.in_window(one.sent)]
    ack = [one.acked.get(serial, math.inf) - at for one, serial, at in sent]
    delivery = [(at, one.heard.get(serial, math.inf) - at) for one, serial, at in sent] if is_heard else []
    late = [latency for _, latency in delivery]
    behind = sum(one.behind() for one in records) / len(records) if is_heard else math.nan
    return Figures(
        acked_per_second=acks / seconds,
        delivered_per_second=heard / seconds if is_heard else math.nan,
        ack_p50_ms=percentile(ack, 0.5) * MS,
        ack_p99_ms=percentile(ack, 0.99) * MS,
        delivery_p50_ms=percentile(late, 0.5) * MS,
        delivery_p99_ms=percentile(late, 0.99) * MS,
        delivery_most_ms=max(late, default=math.nan) * MS,
        delivery_growth=growth(delivery),
        behind_seconds=behind / (acks / seconds) if acks else math.nan,
        server_us=total.server / acks * MICRO if acks else math.nan,
        beside_us=total.beside / acks * MICRO if acks else math.nan,
        load_busy=total.load / seconds,
        load_waited=total.load_waited / seconds,
        acked=sum(len(one.acked) for one in records),
        lost=sum(len(one.sent) - len(one.acked) for one in records),
        undelivered=sum(len(one.acked.keys() - one.heard.keys()) for one in records) if is_heard else 0,
        problems=dict(sum((one.problems for one in records), Counter[str]())),
    )


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
