"""How much a request may take: bytes, seconds, and places in the queue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True)
class Limits:
    """Sizes are in bytes, spans in seconds.

    More than two Django threads give nothing on one core and cost the sockets latency. Pages at `patient_paths` may wait
    for a machine that is not ours, and have threads of their own, so that no other page waits with them. What programs send
    to `bulk_paths` keeps our own machine busy for seconds: it has one thread, and the pages keep theirs. A peer that is
    silent for `chunk_seconds`, or slower in total than `least_rate` bytes a second after `grace_seconds`, is ended.
    """

    django_threads: int = 2
    stream_threads: int = 4
    patient_threads: int = 6
    patient_paths: Collection[str] = ()
    bulk_threads: int = 1
    bulk_paths: Collection[str] = ()
    waiting: int = 200
    uploads: int = 200
    uploads_of_one: int = 20
    body: int = MIB
    body_under: Mapping[str, int] = field(default_factory=dict)
    memory: int = 256 * KIB
    piece: int = 64 * KIB
    chunk_seconds: float = 30.0
    grace_seconds: float = 20.0
    least_rate: int = 500

    def body_at(self, path: str) -> int:
        """The largest body for a path; the longest matching beginning decides."""
        matching = [start for start in self.body_under if path.startswith(start)]
        return self.body_under[max(matching, key=len)] if matching else self.body
