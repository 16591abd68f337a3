"""The transport's own frames; rooms above register theirs in `verbs`. See docs/developers/protocol.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

if TYPE_CHECKING:
    from kefu.realtime.shapes import Error, ErrorCode

PROTOCOL: Literal[1] = 1
LARGEST = 64 * 1024
# What bytes from anybody may be to msgspec: no JSON, no UTF-8, or deeper than Python goes.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

TopicName = Annotated[str, msgspec.Meta(max_length=80, pattern=r"^[a-z]+[:/][A-Za-z0-9/-]+$")]


class Watch(msgspec.Struct, tag="watch", frozen=True, forbid_unknown_fields=True):
    """Listen to a topic; `after` is the last seq that the client has, −1 asks for a snapshot."""

    topic: TopicName
    after: Annotated[int, msgspec.Meta(ge=-1)] = -1


class Cursor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    topic: TopicName
    after: Annotated[int, msgspec.Meta(ge=-1)] = -1


class Hello(msgspec.Struct, tag="hello", frozen=True, forbid_unknown_fields=True):
    """The first frame of every socket. With a session's token its cookies say nothing."""

    protocol: Literal[1]
    watch: Annotated[list[Cursor], msgspec.Meta(max_length=50)] = []
    token: Annotated[str, msgspec.Meta(max_length=128)] | None = None


class Unwatch(msgspec.Struct, tag="unwatch", frozen=True, forbid_unknown_fields=True):
    topic: TopicName


class Ping(msgspec.Struct, tag="ping", frozen=True, forbid_unknown_fields=True):
    """Asks for a pong; proves to both ends that the other is there."""


_encoder = msgspec.json.Encoder()


def encode(frame: Mapping[str, object]) -> bytes:
    """One outgoing frame as JSON bytes: what `shapes` says of it here and in the rooms above, its `type` first."""
    return _encoder.encode(frame)


def error(code: ErrorCode, *, client_id: str | None = None, retry_after_ms: int | None = None) -> bytes:
    """Nothing was changed, and why, as a closed code; words come from the page."""
    said: Error = {"type": "error", "code": code, "client_id": client_id, "retry_after_ms": retry_after_ms}
    return encode(said)
