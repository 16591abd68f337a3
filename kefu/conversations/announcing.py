"""Whether a customer who is not looking can be told of an answer; the rooms that can tell them say so here."""

from __future__ import annotations

from collections.abc import Callable

from kefu.brands.models import Brand

Can = Callable[[Brand], bool]
_ways: list[Can] = []


def register(can: Can) -> None:
    """`can(brand)` says whether this way works now. Registering twice is harmless."""
    if can not in _ways:
        _ways.append(can)


def can_announce(brand: Brand) -> bool:
    return any(can(brand) for can in _ways)
