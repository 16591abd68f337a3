"""How long each kind of data is kept: one table. The room that owns the data says how it goes; a nightly job does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kefu.safety.limits import prune_limits


class DataKind(StrEnum):
    CUSTOMER_SESSION = "customer_session"
    LIMIT_COUNTER = "limit_counter"


@dataclass(frozen=True)
class Kept:
    days: int
    why: str


KEPT = {
    DataKind.CUSTOMER_SESSION: Kept(30, "After it ended, for questions about who used it."),
    DataKind.LIMIT_COUNTER: Kept(2, "No window of a limit is longer than a day."),
}

# Removes what ended before the moment given, in short transactions; how many rows.
Remove = Callable[[datetime], int]
_removers: dict[DataKind, Remove] = {}


def register(kind: DataKind, remove: Remove) -> None:
    _removers[kind] = remove


def retain_all(at: datetime) -> dict[DataKind, int]:
    """Remove what is past its time; how many of each kind."""
    return {kind: remove(at - timedelta(days=KEPT[kind].days)) for kind, remove in _removers.items()}


register(DataKind.LIMIT_COUNTER, lambda _before: prune_limits())
