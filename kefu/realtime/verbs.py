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
# Is called once the frame is done with, with what went wrong if something did.
Taken = Callable[[Exception | None], object]
Begin = Callable[["Connection", Any, Taken], None]
_answers: dict[type[msgspec.Struct], Answer] = {}
_beginnings: dict[type[msgspec.Struct], Begin] = {}
_written: list[bytes] = []
OWN: tuple[type[msgspec.Struct], ...] = (Hello, Watch, Unwatch, Ping)


def register(frame_type: type[msgspec.Struct], answer: Answer, *, begin: Begin | None = None) -> None:
    """`begin` does the same as `answer`, for what comes so often that a task for each costs too much."""
    _answers[frame_type] = answer
    if begin is not None:
        _beginnings[frame_type] = begin
        _written.append(f'{{"type":"{frame_type.__struct_config__.tag}"'.encode())
    _decoder.cache = None


def may_begin(raw: bytes) -> bool:
    """Whether it is written as clients write a frame that has a beginning: others are not read twice."""
    return any(map(raw.startswith, _written))


def beginning_of(frame_type: type[msgspec.Struct]) -> Begin:
    return _beginnings[frame_type]


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
