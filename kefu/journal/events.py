"""The shape of a fact: rooms subclass Event, in the past tense, with ids and closed values only."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any, ClassVar

import msgspec

from kefu.journal.actor import Actor

KINDS: dict[str, type[Event]] = {}


class NotClosed(TypeError):
    """An event carries text; the journal takes ids and closed values only."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope. A subclass sets `kind` ("conversation.resolved"); its own fields become the payload."""

    kind: ClassVar[str] = ""

    actor: Actor
    brand_id: int | None = None
    conversation_id: int | None = None
    subject_id: int | None = None
    seq: int | None = None
    customer_seq: int | None = None
    occurred_at: datetime | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        KINDS[cls.kind] = cls

    def payload(self) -> dict[str, Any]:
        """The subclass's own fields as JSON values. Raises NotClosed for all but ids and closed values."""
        own = _own.get(self.kind)
        if own is None:
            own = _own[self.kind] = tuple(name for name in self.__struct_fields__ if name not in ENVELOPE)
        return {name: _closed(getattr(self, name)) for name in own}


_own: dict[str, tuple[str, ...]] = {}

ENVELOPE = frozenset(Event.__struct_fields__)


def _closed(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, int | float | bool):
        return value
    if isinstance(value, list | tuple):
        return [_closed(item) for item in value]
    raise NotClosed(f"{type(value).__name__} can't go into the journal; it takes ids and closed values.")
