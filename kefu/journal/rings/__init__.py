"""Rings say "there is something new" and nothing else; leases say for some seconds who is typing or looking."""

from __future__ import annotations

from kefu.journal.rings.bell import bell
from kefu.journal.rings.ears import Ear

__all__ = ["Ear", "pass_on", "ring"]


def ring() -> None:
    """Wake everybody who follows the journal, in every process; from any thread, after commit. Never raises."""
    bell().ring()


def pass_on(lease: dict[str, object]) -> None:
    """Give a lease to every ear in every process; from any thread. It may be lost, so whoever holds it renews it."""
    bell().pass_on(lease)
