"""One thing to say, and what may become of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from kefu.accounts.models import Agent
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.nouns.message import Message, Origin, TextFormat, Visibility
from kefu.journal.actor import Actor

FileRefusal = Literal["file_missing", "file_not_up", "file_refused"]


class Say(msgspec.Struct, kw_only=True, eq=False):
    """One thing said. `spoken_seq` is the last said thing that an agent saw before replying; None for customers and notes.

    `content` is the text as sent; only its guarded form and a keyed hash are kept. It may be empty if there are `files`: the
    keys of what the same person has sent into this conversation, and has not said before.
    """

    conversation_id: int
    by: Agent | CustomerViewer
    client_id: str
    content: str
    files: tuple[str, ...] = ()
    visibility: Visibility = Visibility.CUSTOMER
    spoken_seq: int | None = None
    format: TextFormat = TextFormat.PLAIN
    language: str = ""
    occurred_at: datetime | None = None
    channel_account: str = ""
    external_id: str | None = None
    origin: Origin = Origin.LIVE
    sender: str = ""
    """Made of `by`."""

    def __post_init__(self) -> None:
        self.sender = str(self.by.actor)

    def __repr__(self) -> str:
        # Not what was said, which is in no log.
        return f"Say(conversation_id={self.conversation_id}, client_id={self.client_id!r}, by={self.sender})"

    @property
    def actor(self) -> Actor:
        return self.by.actor


class Said(msgspec.Struct, frozen=True):
    """Stored, now or before: asking again gives the first result."""

    message: Message


@dataclass(frozen=True)
class Refusal:
    """Not stored; nothing was changed."""


@dataclass(frozen=True)
class Conflict(Refusal):
    """This client id was used for other content."""


@dataclass(frozen=True)
class Denied(Refusal):
    """Not theirs to say."""


@dataclass(frozen=True)
class Unknown(Denied):
    """Not there, as far as they can see."""


@dataclass(frozen=True)
class Stale(Refusal):
    """Somebody has spoken since: `spoken_seq` is what must be seen first."""

    spoken_seq: int


@dataclass(frozen=True)
class BadFiles(Refusal):
    """`code`: file_missing (not theirs, not of this conversation, or said already), file_not_up, or file_refused."""

    code: FileRefusal
