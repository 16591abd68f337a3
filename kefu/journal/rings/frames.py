"""What passes between processes: who sends, whether there is something new, and leases. Never an event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

Lease = dict[str, Any]
# So many leases fit a datagram on every system.
LEASES_A_FRAME = 40


class Frame(msgspec.Struct, forbid_unknown_fields=True):
    sender: str
    is_ring: bool = False
    leases: list[Lease] = []


def frames(*, sender: str, is_ring: bool, leases: Sequence[Lease]) -> Iterator[bytes]:
    """One frame, or several when there are many leases. Raises TypeError for a lease that is no JSON."""
    for start in range(0, max(1, len(leases)), LEASES_A_FRAME):
        some = list(leases[start : start + LEASES_A_FRAME])
        yield msgspec.json.encode(Frame(sender, is_ring and start == 0, some))


def parsed(raw: bytes) -> Frame | None:
    """The frame, or None for bytes that are none."""
    try:
        return msgspec.json.decode(raw, type=Frame)
    except msgspec.DecodeError:
        return None
