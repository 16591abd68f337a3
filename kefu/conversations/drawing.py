"""Journal entries as an audience's events, drawn from today's rows: an erased message is drawn as erased."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from kefu.accounts.models import Agent
from kefu.conversations.drawing_files import draw_file, files_of
from kefu.conversations.nouns.attachment import Attachment
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.message import Message
from kefu.conversations.nouns.participant import Participant
from kefu.conversations.nouns.rating import Rating
from kefu.journal import rows
from kefu.journal.actor import ActorKind
from kefu.journal.models import Entry
from kefu.safety.guard import Guarded, guard

Drawn = dict[str, Any]
DRAWN_KINDS = (
    "conversation.opened",
    "conversation.message",
    "conversation.assigned",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.rated",
    "conversation.rating_explained",
)


class Audience(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"


@dataclass(frozen=True)
class Material:
    """Today's rows behind a batch of entries: a query a kind of row, whatever the number."""

    messages: dict[int, Message]
    agents: dict[int, Agent]
    customers: dict[int, str]
    rating_words: dict[int, Guarded]
    files: dict[int, list[Attachment]]


def gather(
    entries: Iterable[Entry],
    conversations: Iterable[Conversation],
    *,
    known: Mapping[int, Message] = MappingProxyType({}),
    is_for_staff: bool = True,
) -> Material:
    """What drawing reads. `known` are messages that need not be asked for; only staff are told customers' names."""
    entries = list(entries)
    found = dict(known) | _messages(
        {*_subjects(entries, "conversation.message"), *_subjects(entries, "conversation.file_checked")}
        - known.keys()
    )
    agent_ids = {entry.payload.get("agent_id") for entry in entries} | {
        entry.actor_id for entry in entries if entry.actor_kind == ActorKind.AGENT
    }
    agent_ids |= {message.participant.agent_id for message in found.values()} | {
        c.assignee_id for c in conversations
    }
    agents = {one.pk: one for one in rows.fetch(Agent, "id", agent_ids - {None})}
    customers = {c.customer_id: str(c.customer.name) for c in conversations} if is_for_staff else {}
    return Material(found, agents, customers, _rating_words(entries), files_of(found.values()))


def _messages(message_ids: Collection[int]) -> dict[int, Message]:
    found = rows.fetch(Message, "id", message_ids)
    participants = rows.fetch(Participant, "id", {message.participant_id for message in found})
    known = {one.pk: one for one in participants}
    for message in found:
        message.participant = known[message.participant_id]
    return {message.pk: message for message in found}


def _subjects(entries: Iterable[Entry], kind: str) -> list[int]:
    return [entry.subject_id for entry in entries if entry.kind == kind and entry.subject_id is not None]


def _rating_words(entries: Iterable[Entry]) -> dict[int, Guarded]:
    rating_ids = _subjects(entries, "conversation.rating_explained")
    return dict(Rating.objects.filter(pk__in=rating_ids).values_list("pk", "words")) if rating_ids else {}


def draw(
    entries: Sequence[Entry], conversation: Conversation, audience: Audience, material: Material
) -> list[Drawn]:
    """Events in this audience's order; entries without a place in its count are left out."""
    return [
        _event(entry, place, conversation, audience, material)
        for entry in entries
        if (place := place_of(entry, audience)) is not None
    ]


def place_of(entry: Entry, audience: Audience) -> int | None:
    return entry.customer_seq if audience == Audience.CUSTOMER else entry.seq


def _event(
    entry: Entry, place: int, conversation: Conversation, audience: Audience, material: Material
) -> Drawn:
    event: Drawn = {"seq": place, "kind": "skip", "at": entry.occurred_at.isoformat()}
    by = person(entry.actor_kind, entry.actor_id, audience, material)
    match entry.kind:
        case "conversation.opened":
            event |= {"kind": "opened", "topic_name_key": conversation.topic.key}
        case "conversation.message" | "conversation.file_checked":
            message = material.messages.get(entry.subject_id or 0)
            if message is not None:
                event |= {"kind": "message", "message": draw_message(message, audience, material)}
        case "conversation.assigned":
            agent_id = entry.payload["agent_id"]
            event |= {
                "kind": "assigned",
                "agent": person(ActorKind.AGENT, agent_id, audience, material),
                "by": by,
            }
        case "conversation.resolved" | "conversation.reopened":
            event |= {"kind": entry.kind.removeprefix("conversation."), "by": by}
        case "conversation.rated":
            event |= {"kind": "rated", "verdict": entry.payload["verdict"], "by": by}
        case "conversation.rating_explained":
            words = material.rating_words.get(entry.subject_id or 0, guard(""))
            event |= {
                "kind": "explained",
                "text": str(words),
                "secrets": [kind.value for kind in words.found],
                "by": by,
            }
        case "conversation.erased":
            event |= {"kind": "erased"}
        case "conversation.cursor":
            who = watcher(entry.actor_kind, entry.actor_id, audience, material)
            event |= {"kind": "cursor", "who": who, **_cursor(entry, audience)}
    return event


def _cursor(entry: Entry, audience: Audience) -> Drawn:
    payload = entry.payload
    if audience == Audience.CUSTOMER:
        return {"delivered": payload["customer_delivered"], "seen": payload["customer_seen"]}
    return {"delivered": payload["delivered"], "seen": payload["seen"]}


def person(kind: str, person_id: int | None, audience: Audience, material: Material) -> Drawn | None:
    """Towards the customer staff have no id and the customer no name: they know themselves."""
    if person_id is None or kind == ActorKind.SYSTEM:
        return None
    if kind == ActorKind.AGENT:
        agent = material.agents.get(person_id)
        return {
            "kind": "agent",
            "id": 0 if audience == Audience.CUSTOMER else person_id,
            "name": str(agent.name) if agent else "",
        }
    if audience == Audience.CUSTOMER:
        return {"kind": "customer", "id": 0, "name": ""}
    return {"kind": "customer", "id": person_id, "name": material.customers.get(person_id, "")}


def watcher(kind: str, person_id: int | None, audience: Audience, material: Material) -> Drawn | None:
    """Whose cursor it is. The customer learns that we have read it, and not who looked or noted something."""
    who = person(kind, person_id, audience, material)
    return who and (who | {"name": ""} if audience == Audience.CUSTOMER else who)


def draw_message(message: Message, audience: Audience, material: Material) -> Drawn:
    """A message as one side reads it; its client id only on the side that made it."""
    by_staff = message.participant.agent_id is not None
    mine = by_staff if audience == Audience.STAFF else not by_staff
    actor = message.participant.actor
    return {
        "id": message.pk,
        "seq": message.customer_seq if audience == Audience.CUSTOMER else message.seq,
        "client_id": message.client_id if mine else None,
        "author": person(actor.kind, actor.id, audience, material),
        "mine": mine,
        "visibility": message.visibility,
        "text": "" if message.erased_at else str(message.text),
        "secrets": message.secrets,
        "files": [draw_file(file) for file in material.files.get(message.pk, ())],
        "at": message.occurred_at.isoformat(),
        "edited": message.edited_at is not None,
        "erased": message.erased_at is not None,
    }


def draw_head(conversation: Conversation, audience: Audience, material: Material) -> Drawn:
    """The conversation itself: whose turn, who answers, how far it has been spoken."""
    head: Drawn = {
        "ref": conversation.ref,
        "state": conversation.state,
        "turn": conversation.turn,
        "turn_since": conversation.turn_since.isoformat(),
        "assignee": person(ActorKind.AGENT, conversation.assignee_id, audience, material),
        "topic": conversation.topic.key,
        "language": conversation.language,
    }
    if audience == Audience.STAFF:
        head["spoken_seq"] = conversation.spoken_seq
        head["customer"] = {
            **(person(ActorKind.CUSTOMER, conversation.customer_id, audience, material) or {}),
            "level": conversation.customer.level,
            "zone": conversation.customer.zone,
        }
    return head
