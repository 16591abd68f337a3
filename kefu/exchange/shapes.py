"""Whether what somebody else's code gave has the shape that the hints of its class promise, all the way down."""

from __future__ import annotations

from dataclasses import is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

# An amount with more digits is none; written out, it would fill the page.
MOST_DIGITS = 40


def misfit(value: object, hint: Any, place: str = "answer") -> str:
    """The first place that is not as its hint says, such as "answer.chain.needed"; "" if there is none.

    Reads classes, dataclasses of such, and either with "| None". An int is no bool; a Decimal is finite and no longer than
    amounts are; a datetime knows its zone.
    """
    kinds = [one for one in get_args(hint) if one is not NoneType]
    if NoneType in get_args(hint):
        return "" if value is None else misfit(value, kinds[0], place)
    if not _is_of(value, get_origin(hint) or hint):
        return place
    if not is_dataclass(get_origin(hint) or hint):
        return ""
    fields = _hints(hint).items()
    return next(
        filter(None, (misfit(getattr(value, name), one, f"{place}.{name}") for name, one in fields)), ""
    )


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _is_of(value: object, kind: type) -> bool:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return False
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value.adjusted()) <= MOST_DIGITS
    return not isinstance(value, datetime) or value.utcoffset() is not None
