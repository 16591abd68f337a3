"""What is told on the desk's topics, as types; `kefu.realtime.shapes` says how these are used."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

import msgspec

from kefu.accounts.models import Level
from kefu.conversations.frames import Ref
from kefu.conversations.nouns.conversation import State, Turn
from kefu.conversations.shapes import Language
from kefu.realtime.shapes import Count, Moment, Person, one_of

DeskTopic = Annotated[str, msgspec.Meta(pattern=r"^desk/[1-9][0-9]*$")]
AgentId = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]*$")]


class Row(TypedDict):
    """A conversation in the list. Of two rows of one conversation the one with the higher `seq`, its own, is the newer."""

    ref: Ref
    id: Count
    seq: Count
    customer: Person
    level: Annotated[int, one_of(Level.values)]
    language: Language
    channel: Annotated[str, msgspec.Meta(max_length=20)]
    topic: str
    team: Count
    state: Annotated[str, one_of(State.values)]
    turn: Annotated[str, one_of(Turn.values)]
    turn_since: Moment
    waits_for_us: bool
    assignee: Person | None
    last_line: str
    last_by_staff: bool
    last_at: Moment
    spoken_seq: Count
    resolved_at: Moment | None


class RowChanged(TypedDict):
    """`seq` is the journal's id; `mail` says that something may have become of a letter."""

    seq: Count
    kind: Literal["row"]
    at: Moment
    row: Row
    mail: bool


class DeskEvents(TypedDict):
    """Rows as they are today, in the journal's order."""

    type: Literal["events"]
    topic: DeskTopic
    events: list[RowChanged]


class DeskResync(TypedDict):
    """Too much has changed to tell: fetch the list again."""

    type: Literal["resync"]
    topic: DeskTopic
    snapshot: None


class TeamCounts(TypedDict):
    """Open conversations of a team: all, unassigned, and by the id of their assignee."""

    open: Count
    unassigned: Count
    by_assignee: dict[AgentId, Count]


class Counts(TeamCounts):
    type: Literal["counts"]
    topic: DeskTopic
