"""Whether letters of a brand leave the house; the room that sends them says so here, others ask before they promise one."""

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
