"""What clients say about conversations, as typed frames; the schema in docs/developers is made from these."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

LONGEST_TEXT = 8000
MOST_FILES = 10
Ref = Annotated[str, msgspec.Meta(max_length=24, pattern=r"^[A-Z]{2,4}(-[0-9A-Z]{4}){3}-[0-9A-Z]$")]
ClientId = Annotated[str, msgspec.Meta(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
FileName = Annotated[str, msgspec.Meta(min_length=32, max_length=32, pattern=r"^[0-9a-f]{32}$")]
Place = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class SayFrame(msgspec.Struct, tag="say", frozen=True, forbid_unknown_fields=True):
    """Say something; `staff` is a note. A staff reply carries the last said thing that the agent saw.

    `files` are the keys of files that were sent before; with them the text may be empty.
    """

    ref: Ref
    client_id: ClientId
    text: Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]
    visibility: Literal["customer", "staff"] = "customer"
    spoken_seq: Place | None = None
    files: Annotated[tuple[FileName, ...], msgspec.Meta(max_length=MOST_FILES)] = ()


class SeenFrame(msgspec.Struct, tag="seen", frozen=True, forbid_unknown_fields=True):
    """Cursors in the sender's own counting; they only move forward."""

    ref: Ref
    delivered: Place
    seen: Place


class TypingFrame(msgspec.Struct, tag="typing", frozen=True, forbid_unknown_fields=True):
    ref: Ref


class LookingFrame(msgspec.Struct, tag="looking", frozen=True, forbid_unknown_fields=True):
    """An agent has this conversation open; null when none."""

    ref: Ref | None = None
