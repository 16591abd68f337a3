from __future__ import annotations

from collections.abc import Sequence

from kefu.journal.rings.frames import ENVELOPE, frames, parsed

LEASE = {"who": "林小美"}
# With the comma behind it.
SIZE = len('{"who":"林小美"}'.encode()) + 1


def packed(leases: Sequence[dict[str, str]], largest: int) -> list[int]:
    """How many leases each frame has."""
    cut = frames(sender="a" * 16, is_ring=False, leases=leases, largest=largest)
    return [len(frame.leases) for frame in map(parsed, cut) if frame is not None]


def test_a_frame_is_filled_to_its_last_byte_and_no_further():
    assert packed([LEASE] * 3, ENVELOPE + SIZE * 2) == [2, 1]
    assert packed([LEASE] * 3, ENVELOPE + SIZE * 2 - 1) == [1, 1, 1]


def test_a_lease_that_just_fits_goes_and_one_that_does_not_stays():
    assert packed([LEASE], ENVELOPE + SIZE) == [1]
    assert packed([LEASE], ENVELOPE + SIZE - 1) == [0]


def test_no_frame_has_more_than_forty_leases():
    assert packed([{"who": "x"}] * 81, 1_000_000) == [40, 40, 1]


def test_what_does_not_say_that_it_rings_does_not_ring():
    frame = parsed(b'{"sender": "a"}')

    assert frame is not None
    assert not frame.is_ring
