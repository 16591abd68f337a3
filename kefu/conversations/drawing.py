"""Journal entries as an audience's events, drawn from today's rows: an erased message is drawn as erased."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from kefu.accounts.models import Agent, Customer
from kefu.conversations.drawing_files import draw_file, files_of
from kefu.conversations.fresh import Beside
from kefu.conversations.nouns.attachment import Attachment
from kefu.conversations.nouns.conversation import Conversation, Topic
from kefu.conversations.nouns.message import Message
from kefu.conversations.nouns.participant import Participant
from kefu.conversations.nouns.rating import Rating
from kefu.conversations.shapes import (
    Assigned,
    CursorMoved,
    Erased,
    Event,
    Explained,
    Head,
    HeadCustomer,
    Opened,
    Rated,
    Said,
    Settled,
    Skipped,
    StaffHead,
)
from kefu.conversations.shapes import Message as MessageTold
from kefu.journal import rows
from kefu.journal.actor import ActorKind
from kefu.journal.models import Entry
from kefu.journal.rows import related
from kefu.realtime.shapes import Person
from kefu.safety.guard import Guarded, guard

DRAWN_KINDS = (
    "conversation.opened",
    "conversation.message",
    "conversation.assigned",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.rated",
    "conversation.rating_explained",
)
# What an event and the head read of a conversation.
DRAWN_OF_CONVERSATIONS = (
    "ref",
    "topic",
    "customer",
    "assignee",
    "language",
    "state",
    "turn",
    "turn_since",
    "spoken_seq",
)


class Audience(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"


@dataclass(frozen=True)
class Material:
    """Today's rows behind a batch of entries: a query a kind of row, whatever the number."""

    messages: dict[int, Message]
    agents: Mapping[int, Agent]
    customers: Mapping[int, Customer]
    topics: Mapping[int, Topic]
    rating_words: dict[int, Guarded]
    files: dict[int, list[Attachment]]


def gather(
    entries: Iterable[Entry],
    conversations: Iterable[Conversation],
    *,
    known: Mapping[int, Message] = MappingProxyType({}),
    theirs: Beside | None = None,
) -> Material:
    """What drawing reads. `known` are messages that need not be asked for.

    What belongs to the conversations is `theirs`, or else what they have in place.
    """
    entries = list(entries)
    found = dict(known) | _messages(
        {*_subjects(entries, "conversation.message"), *_subjects(entries, "conversation.file_checked")}
        - known.keys()
    )
    agent_ids = {entry.payload.get("agent_id") for entry in entries} | {
        entry.actor_id for entry in entries if entry.actor_kind == ActorKind.AGENT
    }
    agent_ids |= {vars(related(message, "participant"))["agent_id"] for message in found.values()}
    agent_ids |= {vars(one)["assignee_id"] for one in conversations}
    topics, customers, agents = theirs or _in_place(conversations)
    if missing := agent_ids - agents.keys() - {None}:
        agents = {**agents, **{one.pk: one for one in rows.fetch(Agent, "id", missing)}}
    return Material(found, agents, customers, topics, _rating_words(entries), files_of(found.values()))


def _in_place(conversations: Iterable[Conversation]) -> Beside:
    conversations = list(conversations)
    assignees = (one._state.fields_cache.get("assignee") for one in conversations)
    return Beside(
        {one.topic_id: one.topic for one in conversations},
        {one.customer_id: one.customer for one in conversations},
        {one.pk: one for one in assignees if one is not None},
    )


def _messages(message_ids: Collection[int]) -> dict[int, Message]:
    """Those that are there; one that is deleted between the two queries has no participant any more."""
    found = rows.fetch(Message, "id", message_ids)
    participants = rows.fetch(Participant, "id", {message.participant_id for message in found})
    known = {one.pk: one for one in participants}
    there = [message for message in found if message.participant_id in known]
    for message in there:
        message.participant = known[message.participant_id]
    return {message.pk: message for message in there}


def _subjects(entries: Iterable[Entry], kind: str) -> list[int]:
    return [entry.subject_id for entry in entries if entry.kind == kind and entry.subject_id is not None]


def _rating_words(entries: Iterable[Entry]) -> dict[int, Guarded]:
    rating_ids = _subjects(entries, "conversation.rating_explained")
    return dict(Rating.objects.filter(pk__in=rating_ids).values_list("pk", "words")) if rating_ids else {}


def draw(
    entries: Sequence[Entry], conversation: Conversation, audience: Audience, material: Material
) -> list[Event]:
    """Events in this audience's order; entries without a place in its count are left out."""
    reader, is_for_customer = Reader(conversation, audience, material), audience is Audience.CUSTOMER
    return [
        _EVENTS.get(entry.kind, _skip)(entry, place, reader)
        for entry in entries
        if (place := entry.customer_seq if is_for_customer else entry.seq) is not None
    ]


def _told(at: datetime) -> str:
    """In UTC. Only such moments are remembered: elsewhere an hour comes twice, and both its readings are equal to Python."""
    return _in_words(at if at.tzinfo is UTC else at.astimezone(UTC))


@lru_cache(maxsize=4_096)
def _in_words(at: datetime) -> str:
    # Drawn for two sides, and what is said in one batch shares its moment.
    return at.isoformat()


@dataclass(slots=True)
class Reader:
    """For whom a conversation's entries are drawn, and from what."""

    conversation: Conversation
    audience: Audience
    material: Material

    def actor(self, entry: Entry) -> Person | None:
        return person(entry.actor_kind, entry.actor_id, self.audience, self.material)


def _skip(entry: Entry, place: int, _: Reader) -> Skipped:
    return {"seq": place, "kind": "skip", "at": _told(entry.occurred_at)}


def _opened(entry: Entry, place: int, reader: Reader) -> Opened:
    key = reader.material.topics[reader.conversation.topic_id].key
    return {"seq": place, "kind": "opened", "at": _told(entry.occurred_at), "topic_name_key": key}


def _message(entry: Entry, place: int, reader: Reader) -> Said | Skipped:
    message = reader.material.messages.get(entry.subject_id or 0)
    if message is None:
        return _skip(entry, place, reader)
    drawn = draw_message(message, reader.audience, reader.material)
    return {"seq": place, "kind": "message", "at": _told(entry.occurred_at), "message": drawn}


def _assigned(entry: Entry, place: int, reader: Reader) -> Assigned:
    return {
        "seq": place,
        "kind": "assigned",
        "at": _told(entry.occurred_at),
        "agent": person(ActorKind.AGENT, entry.payload["agent_id"], reader.audience, reader.material),
        "by": reader.actor(entry),
    }


def _resolved(entry: Entry, place: int, reader: Reader) -> Settled:
    at = _told(entry.occurred_at)
    return {"seq": place, "kind": "resolved", "at": at, "by": reader.actor(entry)}


def _reopened(entry: Entry, place: int, reader: Reader) -> Settled:
    at = _told(entry.occurred_at)
    return {"seq": place, "kind": "reopened", "at": at, "by": reader.actor(entry)}


def _rated(entry: Entry, place: int, reader: Reader) -> Rated:
    return {
        "seq": place,
        "kind": "rated",
        "at": _told(entry.occurred_at),
        "verdict": entry.payload["verdict"],
        "by": reader.actor(entry),
    }


def _explained(entry: Entry, place: int, reader: Reader) -> Explained:
    words = reader.material.rating_words.get(entry.subject_id or 0, guard(""))
    return {
        "seq": place,
        "kind": "explained",
        "at": _told(entry.occurred_at),
        "rating": entry.subject_id or 0,
        "text": str(words),
        "secrets": [kind.value for kind in words.found],
        "by": reader.actor(entry),
    }


def _erased(entry: Entry, place: int, _: Reader) -> Erased:
    return {"seq": place, "kind": "erased", "at": _told(entry.occurred_at)}


def _cursor(entry: Entry, place: int, reader: Reader) -> CursorMoved:
    counted = "customer_" if reader.audience == Audience.CUSTOMER else ""
    return {
        "seq": place,
        "kind": "cursor",
        "at": _told(entry.occurred_at),
        "who": watcher(entry.actor_kind, entry.actor_id, reader.audience, reader.material),
        "delivered": entry.payload[f"{counted}delivered"],
        "seen": entry.payload[f"{counted}seen"],
    }


_EVENTS: Mapping[str, Callable[[Entry, int, Reader], Event]] = {
    "conversation.opened": _opened,
    "conversation.message": _message,
    "conversation.file_checked": _message,
    "conversation.assigned": _assigned,
    "conversation.resolved": _resolved,
    "conversation.reopened": _reopened,
    "conversation.rated": _rated,
    "conversation.rating_explained": _explained,
    "conversation.erased": _erased,
    "conversation.cursor": _cursor,
}


def person(kind: str, person_id: int | None, audience: Audience, material: Material) -> Person | None:
    """Towards the customer staff have no id and the customer no name: they know themselves. The system is nobody."""
    if person_id is None or kind == ActorKind.SYSTEM:
        return None
    if kind == ActorKind.AGENT:
        return _agent(person_id, audience, material)
    return _customer(person_id, audience, material)


def _agent(agent_id: int, audience: Audience, material: Material) -> Person:
    agent = material.agents.get(agent_id)
    return {
        "kind": "agent",
        "id": 0 if audience is Audience.CUSTOMER else agent_id,
        "name": str(agent.name) if agent else "",
    }


def _customer(customer_id: int, audience: Audience, material: Material) -> Person:
    if audience is Audience.CUSTOMER:
        return {"kind": "customer", "id": 0, "name": ""}
    known = material.customers.get(customer_id)
    return {"kind": "customer", "id": customer_id, "name": str(known.name) if known else ""}


def watcher(kind: str, person_id: int | None, audience: Audience, material: Material) -> Person:
    """Whose cursor it is. The customer learns that we have read it, and not who looked or noted something."""
    somebody = _agent if kind == ActorKind.AGENT else _customer
    who = somebody(person_id or 0, audience, material)
    return {**who, "name": ""} if audience == Audience.CUSTOMER else who


def draw_message(message: Message, audience: Audience, material: Material) -> MessageTold:
    """A message as one side reads it; its client id only on the side that made it."""
    # Past the descriptors of foreign keys, which cost more than all the rest.
    participant = vars(related(message, "participant"))
    agent_id, is_for_customer = participant["agent_id"], audience is Audience.CUSTOMER
    mine = (agent_id is None) == is_for_customer
    author = (
        _customer(participant["customer_id"] or 0, audience, material)
        if agent_id is None
        else _agent(agent_id, audience, material)
    )
    return {
        "id": message.id,
        # A note has no place in the customer's count, and is never drawn for them.
        "seq": (message.customer_seq or 0) if is_for_customer else message.seq,
        "client_id": message.client_id if mine else None,
        "author": author,
        "mine": mine,
        "visibility": message.visibility,
        "text": "" if message.erased_at else str(message.text),
        "secrets": message.secrets,
        "files": [draw_file(file) for file in material.files.get(message.id, ())]
        if message.file_count
        else [],
        "at": _told(message.occurred_at),
        "edited": message.edited_at is not None,
        "erased": message.erased_at is not None,
    }


def draw_head(conversation: Conversation, audience: Audience, material: Material) -> StaffHead | Head:
    """The conversation itself: whose turn, who answers; towards staff also how far it has been spoken, and with whom."""
    row = vars(conversation)
    assignee_id = row["assignee_id"]
    head: Head = {
        "ref": conversation.ref,
        "state": conversation.state,
        "turn": conversation.turn,
        "turn_since": _told(conversation.turn_since),
        "assignee": None if assignee_id is None else _agent(assignee_id, audience, material),
        "topic": material.topics[row["topic_id"]].key,
        "language": conversation.language,
    }
    if audience is Audience.CUSTOMER:
        return head
    theirs = material.customers[row["customer_id"]]
    customer: HeadCustomer = {
        **_customer(row["customer_id"], audience, material),
        "level": theirs.level,
        "zone": theirs.zone,
    }
    return {**head, "spoken_seq": conversation.spoken_seq, "customer": customer}
