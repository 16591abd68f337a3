"""What is told of conversations, as types: to clients in frames, and to our own pages as the data that they begin with.

`kefu.realtime.shapes` says how these types are used. See docs/developers/protocol.md.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

import msgspec

from kefu.accounts.models import Level
from kefu.conversations.frames import ClientId, FileName, Ref
from kefu.conversations.nouns.attachment import FileState
from kefu.conversations.nouns.conversation import State, Turn
from kefu.conversations.nouns.message import Visibility
from kefu.conversations.nouns.rating import Verdict
from kefu.realtime.shapes import ByAudience, Count, CustomerTopic, Moment, Person, StaffTopic, one_of
from kefu.safety.files.kinds import FileKind, Problem
from kefu.safety.guard import SecretKind

SIDES = (Visibility.CUSTOMER.value, Visibility.STAFF.value)
# A note is for no customer's eyes.
VisibleTo = ByAudience(
    customer=Annotated[str, one_of((Visibility.CUSTOMER.value,))], staff=Annotated[str, one_of(SIDES)]
)
Topic = Annotated[str, ByAudience(customer=CustomerTopic, staff=StaffTopic)]
# The place of an event: one's own audience counts from 1.
Place = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
Language = Annotated[str, msgspec.Meta(max_length=12)]
Secrets = list[Annotated[str, one_of(SecretKind)]]


class File(TypedDict):
    """Only a ready one can be fetched; `problem` says why it is refused."""

    key: FileName
    name: str
    kind: Annotated[str, one_of(FileKind)]
    size: Count
    width: Count | None
    height: Count | None
    state: Annotated[str, one_of((FileState.CHECKING, FileState.READY, FileState.REFUSED))]
    problem: Annotated[str, one_of(Problem)] | None


class Message(TypedDict):
    """As one side reads it; `client_id` is given only to the side that made it."""

    id: Place
    seq: Place
    client_id: ClientId | None
    author: Person
    mine: bool
    visibility: Annotated[str, VisibleTo]
    text: str
    secrets: Secrets
    files: list[File]
    at: Moment
    edited: bool
    erased: bool


class HeadCustomer(Person):
    """The customer as staff see them beside the conversation."""

    level: Annotated[int, one_of(Level.values)]
    zone: str


class Head(TypedDict):
    """The conversation itself: whose turn, who answers."""

    ref: Ref
    state: Annotated[str, one_of(State.values)]
    turn: Annotated[str, one_of(Turn.values)]
    turn_since: Moment
    assignee: Person | None
    topic: str
    language: Language


class StaffHead(Head):
    """Towards staff also how far it has been spoken, and with whom."""

    spoken_seq: Count
    customer: HeadCustomer


class Happening(TypedDict):
    """What every event begins with."""

    seq: Place
    at: Moment


class Opened(Happening):
    kind: Literal["opened"]
    topic_name_key: str


class Said(Happening):
    """A message, as it is today."""

    kind: Literal["message"]
    message: Message


class Assigned(Happening):
    kind: Literal["assigned"]
    agent: Person | None
    by: Person | None


class Settled(Happening):
    kind: Literal["resolved", "reopened"]
    by: Person | None


class Rated(Happening):
    kind: Literal["rated"]
    verdict: Annotated[str, one_of(Verdict.values)]
    by: Person | None


class Explained(Happening):
    """The words beside a rating, as they are today: each line about one rating says the same."""

    kind: Literal["explained"]
    rating: Place
    text: str
    secrets: Secrets
    by: Person | None


class Erased(Happening):
    """Not a word is left of what was said so far."""

    kind: Literal["erased"]


class Reached(TypedDict):
    """How far somebody of the other side has it and has seen it, in the reader's own counting."""

    who: Person
    delivered: Count
    seen: Count


class CursorMoved(Happening, Reached):
    kind: Literal["cursor"]


class Skipped(Happening):
    """A place for which this audience has no drawing."""

    kind: Literal["skip"]


class Led(Happening):
    """The head that the events up to its place lead to; it has no place of its own."""

    kind: Literal["conversation"]
    head: Annotated[StaffHead | Head, ByAudience(customer=Head, staff=StaffHead)]


Event = Opened | Said | Assigned | Settled | Rated | Explained | Erased | CursorMoved | Skipped


class Snapshot(TypedDict):
    """A conversation as one audience has it at `seq`; `earlier` says that there is more before its events."""

    topic: Topic
    seq: Count
    head: Annotated[StaffHead | Head, ByAudience(customer=Head, staff=StaffHead)]
    events: list[Event]
    cursors: list[Reached]
    earlier: bool


class Older(TypedDict):
    """A page of history."""

    events: list[Event]
    earlier: bool


class Events(TypedDict):
    """In order of seq, and last the head that they lead to."""

    type: Literal["events"]
    topic: Topic
    events: list[Event | Led]


class Resync(TypedDict):
    """Too much was missed, or a snapshot was asked for: draw anew."""

    type: Literal["resync"]
    topic: Topic
    snapshot: Snapshot


class Ack(TypedDict):
    """Committed; the message as it is stored. With a head it is the message's event as well, and the head that this leads to:
    they need not come in an `events` frame.
    """

    type: Literal["ack"]
    client_id: ClientId
    ref: Ref
    message: Message
    head: Annotated[Head | None, ByAudience(customer=Head | None, staff=type(None))]


class Stale(TypedDict):
    """Held back, because somebody has spoken since: what is new, and what must be seen first."""

    type: Literal["stale"]
    client_id: ClientId
    ref: Ref
    spoken_seq: Count
    events: list[Event]
