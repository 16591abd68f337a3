"""Whoever can wake the workers says so here; the room above that rings registers its ring."""

from __future__ import annotations

from collections.abc import Callable

_wakers: list[Callable[[], None]] = []


def wake_with(waker: Callable[[], None]) -> None:
    """Call this whenever a task was enqueued and committed. Registering twice is harmless."""
    if waker not in _wakers:
        _wakers.append(waker)


def wake_workers() -> None:
    for waker in _wakers:
        waker()
