"""Rings say "there is something new" and no more; leases say for some seconds who is typing or looking."""

from __future__ import annotations

from kefu.journal.rings.bell import bell
from kefu.journal.rings.ears import Ear, WorkerEar
from kefu.journal.rings.frames import Lease

__all__ = ["Ear", "Lease", "WorkerEar", "pass_on", "ring"]


def ring() -> None:
    """Wake all who follow the journal, in every process; from any thread, after commit. Never raises."""
    bell().ring()


def pass_on(lease: Lease) -> None:
    """Give a lease to all other processes; from any thread. It may be lost, so its holder renews it."""
    bell().pass_on(lease)
