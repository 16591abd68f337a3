"""What passes between processes: who sends, whether there is something new, and leases. Never an event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

Lease = dict[str, Any]
# So many leases fit a datagram on every system.
LEASES_A_FRAME = 40
# What a frame has beside its leases, with a sender's name.
ENVELOPE = 100


class Frame(msgspec.Struct, forbid_unknown_fields=True):
    sender: str
    is_ring: bool = False
    leases: list[Lease] = []


def frames(*, sender: str, is_ring: bool, leases: Sequence[Lease], largest: int) -> Iterator[bytes]:
    """One frame, or several when there are many leases, each of at most `largest` bytes.

    A lease that alone is larger is left out. Raises TypeError for one that is no JSON.
    """
    for some in _packed(leases, largest - ENVELOPE):
        yield msgspec.json.encode(Frame(sender, is_ring, some))
        is_ring = False


def _packed(leases: Sequence[Lease], largest: int) -> Iterator[list[Lease]]:
    """At least one list, which may be empty."""
    packed: list[Lease] = []
    left = largest
    for lease in leases:
        size = len(msgspec.json.encode(lease)) + 1
        if size > largest:
            continue
        if size > left or len(packed) == LEASES_A_FRAME:
            yield packed
            packed, left = [], largest
        packed.append(lease)
        left -= size
    yield packed


def parsed(raw: bytes) -> Frame | None:
    """The frame, or None for bytes that are none."""
    try:
        return msgspec.json.decode(raw, type=Frame)
    except msgspec.DecodeError:
        return None
