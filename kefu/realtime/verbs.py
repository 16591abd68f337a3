"""What a client may say on a socket: rooms register a frame type and what follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import msgspec

from kefu.realtime.frames import Hello, Ping, Unwatch, Watch
from kefu.ui.zero_characters import is_in_json

if TYPE_CHECKING:
    from kefu.realtime.connection import Connection

Answer = Callable[["Connection", Any], Awaitable[None]]
_answers: dict[type[msgspec.Struct], Answer] = {}
OWN: tuple[type[msgspec.Struct], ...] = (Hello, Watch, Unwatch, Ping)


def register(frame_type: type[msgspec.Struct], answer: Answer) -> None:
    _answers[frame_type] = answer
    _decoder.cache = None


def answer_to(frame_type: type[msgspec.Struct]) -> Answer:
    return _answers[frame_type]


def frame_types() -> tuple[type[msgspec.Struct], ...]:
    """Every frame that a client may send, the transport's own first."""
    return (*OWN, *_answers)


class _Decoder:
    """Built once all rooms have registered, and again if one comes later."""

    cache: msgspec.json.Decoder[Any] | None = None

    def __call__(self, raw: str | bytes) -> Any:
        if is_in_json(raw):
            raise msgspec.ValidationError("Zero character")
        if self.cache is None:
            self.cache = msgspec.json.Decoder(reduce(or_, frame_types()))
        return self.cache.decode(raw)


_decoder = _Decoder()
decode = _decoder.__call__
