"""How long each kind of data is kept: one table. The room that owns the data says how it goes; a nightly task does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from kefu.safety.limits import KEPT_FOR, prune_limits


class DataKind(StrEnum):
    CUSTOMER_SESSION = "customer_session"
    LIMIT_COUNTER = "limit_counter"


@dataclass(frozen=True)
class Kept:
    days: int
    why: str


KEPT: Mapping[DataKind, Kept] = MappingProxyType(
    {
        DataKind.CUSTOMER_SESSION: Kept(30, "After it ended, for questions about who used it."),
        DataKind.LIMIT_COUNTER: Kept(KEPT_FOR.days, "No window of a limit is longer than a day."),
    }
)

# Removes what ended before the moment given, in short transactions; how many rows.
Remove = Callable[[datetime], int]
_removers: dict[DataKind, Remove] = {}


class NotAllRemoved(RuntimeError):
    """What these kinds hold is past its time and still there; the cause is the first problem."""

    def __init__(self, kinds: list[DataKind]) -> None:
        super().__init__(f"not removed: {', '.join(kinds)}")
        self.kinds = kinds


def register(kind: DataKind, remove: Remove) -> None:
    _removers[kind] = remove


def registered() -> frozenset[DataKind]:
    return frozenset(_removers)


def retain_all(at: datetime) -> dict[DataKind, int]:
    """Remove what is past its time; how many of each kind. Raises NotAllRemoved after all had their turn."""
    removed: dict[DataKind, int] = {}
    problems: dict[DataKind, Exception] = {}
    for kind, remove in _removers.items():
        try:
            removed[kind] = remove(at - timedelta(days=KEPT[kind].days))
        except Exception as problem:  # noqa: BLE001 - one kind that can't go must not keep the others
            problems[kind] = problem
    if problems:
        raise NotAllRemoved(list(problems)) from next(iter(problems.values()))
    return removed


register(DataKind.LIMIT_COUNTER, lambda _before: prune_limits())
