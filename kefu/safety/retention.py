"""How long each kind of data is kept: one table. The room that owns the data says how it goes; a nightly task does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.db import connection, models, transaction

from kefu.safety.limits import KEPT_FOR, prune_limits


class DataKind(StrEnum):
    AGENT_TOKEN = "agent_token"  # noqa: S105 - the name of a kind, not a token
    BROWSER_STATE = "browser_state"
    CUSTOMER_SESSION = "customer_session"
    FILE_BYTES = "file_bytes"
    FILE_NOT_SAID = "file_not_said"
    INVITATION = "invitation"
    LETTER = "letter"
    LIMIT_COUNTER = "limit_counter"
    ONE_TIME_CODE = "one_time_code"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a kind, not a password
    SEARCH = "search"
    READERS_WORDS = "readers_words"
    SIGN_IN_LINK = "sign_in_link"
    STAFF_SESSION = "staff_session"
    USED_TOKEN = "used_token"  # noqa: S105 - a kind of data
    VISITOR = "visitor"


@dataclass(frozen=True)
class Kept:
    days: int
    why: str


KEPT: Mapping[DataKind, Kept] = MappingProxyType(
    {
        DataKind.AGENT_TOKEN: Kept(90, "After it ended, for questions about what a program did by it."),
        DataKind.BROWSER_STATE: Kept(1, "It has expired and opens nothing."),
        DataKind.CUSTOMER_SESSION: Kept(30, "After it ended, for questions about who used it."),
        DataKind.INVITATION: Kept(
            30, "After it was accepted, withdrawn or ended, for questions about who invited whom."
        ),
        DataKind.FILE_BYTES: Kept(1, "After their row, so that a backup of rows and then of files is whole."),
        DataKind.FILE_NOT_SAID: Kept(1, "Sent and never said in a message, nobody has seen it."),
        DataKind.LETTER: Kept(180, "So that a message code can be checked for half a year."),
        DataKind.LIMIT_COUNTER: Kept(KEPT_FOR.days, "No window of a limit is longer than a day."),
        DataKind.ONE_TIME_CODE: Kept(
            1, "Used or expired it proves nothing; the journal says what it proved."
        ),
        DataKind.PASSWORD_RESET: Kept(1, "Used or ended it opens nothing; the journal says what it changed."),
        DataKind.SEARCH: Kept(
            90,
            "Words typed into the help centre's search, by day and without a person, for what is missing there.",
        ),
        DataKind.READERS_WORDS: Kept(365, "What was said of an article a year ago is of another article."),
        DataKind.SIGN_IN_LINK: Kept(
            1, "Used or expired it opens nothing; the journal says who made and used it."
        ),
        DataKind.STAFF_SESSION: Kept(
            30, "After signing in, if it has ended, for questions about who used it."
        ),
        DataKind.USED_TOKEN: Kept(1, "It has ended, and could not be used again anyway."),
        DataKind.VISITOR: Kept(30, "Who came and asked nothing in a month is nobody's customer."),
    }
)

# So many rows go in one transaction.
CHUNK = 500

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


def remove_in_chunks(rows: models.QuerySet[Any]) -> int:
    """Delete these rows and what hangs on them, some in each transaction; how many of them there were.

    The long search is done before the lock; what has become wanted since then stays.
    """
    removed = 0
    while chunk := list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            ended = [row.pk for row in _locked(rows.filter(pk__in=chunk))]
            rows.model._base_manager.filter(pk__in=ended).delete()
        removed += len(ended)
    return removed


def _locked(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    ordered = rows.order_by("pk").only("pk")
    return (
        ordered.select_for_update(of=("self",)) if connection.features.has_select_for_update_of else ordered
    )


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
