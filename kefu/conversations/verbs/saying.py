"""Saying something: many at once, asked for in one go and stored in another."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import repeat
from typing import NamedTuple

from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, allows
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.events import ConversationAssigned, ConversationReopened, MessageSaid
from kefu.conversations.fresh import Ahead, fresh
from kefu.conversations.nouns.attachment import Attachment
from kefu.conversations.nouns.conversation import Conversation, State, Turn
from kefu.conversations.nouns.message import Message, Visibility
from kefu.conversations.nouns.participant import Participant
from kefu.conversations.verbs.carrying import problem_of, save_places
from kefu.conversations.verbs.counting import fact, next_customer_seq, next_seq
from kefu.conversations.verbs.said_before import said_before_soon
from kefu.conversations.verbs.say import (
    BadFiles,
    Conflict,
    Denied,
    Refusal,
    Said,
    Say,
    Stale,
    Unknown,
)
from kefu.journal import prepared, rows
from kefu.journal.actions import record_all_soon
from kefu.journal.events import Event
from kefu.journal.models import Entry
from kefu.safety.guard import guard, guard_again
from kefu.safety.tokens import keyed_hash

LAST_LINE = 160
# What each message changes in its conversation, and what only some do.
SPOKEN = ("seq", "customer_seq", "spoken_seq", "last_line", "last_by_staff", "last_message_at")
TURNED = ("state", "resolved_at", "assignee", "turn", "turn_since", "waits_for_us")
REPLIES = (Turn.NEXT_REPLY, Turn.FIRST_REPLY)


@dataclass
class Batch:
    """What is known, and what is collected to be stored; places say which message belongs to which event."""

    conversations: dict[int, Conversation]
    # By whose they are: an agent's id or a customer's.
    participants: dict[tuple[int, int | None, int | None], Participant]
    known: dict[tuple[str, str], Message]
    files: dict[str, Attachment]
    # For new messages, where ids are drawn before.
    ids: deque[int]
    # When what is said here was received.
    at: datetime = field(default_factory=now)
    carried: list[tuple[Attachment, Message]] = field(default_factory=list)
    # The seq of each before anything was said.
    began: dict[int, int] = field(default_factory=dict)
    # Those of which more has changed than who spoke last.
    turned: set[int] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    events: list[Event | Unrecorded] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    # What was drawn of them before the commit.
    ahead: list[Ahead] = field(default_factory=list)


class Unrecorded(NamedTuple):
    """A message that becomes an event as soon as it has an id."""

    message: Message
    said: Say
    brand_id: int


# Whoever calls it within a transaction gives all of that up when it fails.
@transaction.atomic(savepoint=False)
def say(messages: Sequence[Say]) -> list[Said | Refusal]:
    """Store what is new, in the order given; one answer each, in the same order."""
    with prepared.together():
        asked = ask(messages)
    return say_in(asked(), messages)


def say_in(batch: Batch, messages: Sequence[Say]) -> list[Said | Refusal]:
    """The same within a transaction, where `ask()` has given the batch for these messages, and perhaps for more."""
    answers = [_say_one(one, batch) for one in messages]
    if batch.messages:
        _store(batch)
    return answers


def ask(messages: Sequence[Say], *, lock: rows.Lock = rows.Lock.HELD) -> Callable[[], Batch]:
    """Ask for all that must be known to say these, within `prepared.together()`; calling the answer gives it."""
    ids = {one.conversation_id for one in messages}
    # The lock comes first, so that whoever sends the same client id twice at once waits here and then finds it stored.
    conversations = rows.fetch_soon(Conversation, "id", ids, lock=lock)
    said_before = said_before_soon({(one.sender, one.client_id) for one in messages})
    participants = rows.fetch_soon(Participant, "conversation_id", ids)
    message_ids = rows.ids_soon(Message, len(messages))

    def batch() -> Batch:
        found = {one.id: one for one in conversations()}
        # Only where the conversation is ours: who holds one holds its files, and nobody waits for them.
        keys = {key for one in messages if one.conversation_id in found for key in one.files}
        return Batch(
            conversations=found,
            known={(one.sender, one.client_id): one for one in said_before()},
            participants={_place_of(one): one for one in participants()},
            ids=deque(message_ids()),
            began={pk: one.seq for pk, one in found.items()},
            files={one.key: one for one in Attachment.objects.locked().filter(key__in=keys)} if keys else {},
        )

    return batch


def _store(batch: Batch) -> None:
    with prepared.together():
        rows.insert(batch.messages)
        save_places(batch.carried)
        _save_conversations(batch)
        # Before the ring, which wakes whoever delivers it.
        transaction.on_commit(partial(_keep, batch))
        batch.entries += record_all_soon([_as_event(event) for event in batch.events])


def _keep(batch: Batch) -> None:
    # What can be drawn as it stands needs no messages beside.
    ahead = {one.conversation.id for one in batch.ahead if one.material is not None}
    messages = [one for one in batch.messages if vars(one)["conversation_id"] not in ahead]
    fresh.keep(messages, _changed(batch), began=batch.began, ahead=batch.ahead)


def _say_one(one: Say, batch: Batch) -> Said | Refusal:
    conversation = batch.conversations.get(one.conversation_id)
    if conversation is None or not allows(one.by, May.READ_CONVERSATION, conversation):
        return Unknown()
    if not _may_say(one, conversation):
        return Denied()
    content_hash = _content_hash(one)
    known = batch.known.get((one.sender, one.client_id))
    if known is not None:
        return Said(known) if known.content_hash == content_hash else Conflict()
    if one.spoken_seq is not None and conversation.spoken_seq > one.spoken_seq and _others_spoke(one, batch):
        return Stale(conversation.spoken_seq)
    problem = problem_of(one, batch.files)
    if problem is not None:
        return BadFiles(problem)
    return Said(_new_message(one, conversation, content_hash, batch))


def is_said_again(one: Say, batch: Batch) -> bool:
    """Whether it was stored before, and is said once more because nobody heard of it."""
    known = batch.known.get((one.sender, one.client_id))
    return known is not None and known.content_hash == _content_hash(one)


def _content_hash(one: Say) -> str:
    return keyed_hash("\n".join([f"{one.conversation_id}", one.visibility, one.content, *one.files]))


def _may_say(one: Say, conversation: Conversation) -> bool:
    if isinstance(one.by, CustomerViewer):
        return one.visibility == Visibility.CUSTOMER and allows(one.by, May.SAY, conversation)
    return allows(one.by, May.NOTE if one.visibility == Visibility.STAFF else May.REPLY, conversation)


def _others_spoke(one: Say, batch: Batch) -> bool:
    """An agent's own words never make their next ones stale."""
    since = (
        Message.objects.filter(conversation_id=one.conversation_id, seq__gt=one.spoken_seq or 0)
        .exclude(visibility=Visibility.STAFF)
        .exclude(sender=one.sender)
    )
    fresh = any(
        m.conversation_id == one.conversation_id
        and m.visibility != Visibility.STAFF
        and m.sender != one.sender
        for m in batch.messages
    )
    return fresh or since.exists()


def _new_message(one: Say, conversation: Conversation, content_hash: str, batch: Batch) -> Message:
    is_note = one.visibility == Visibility.STAFF
    participant = _participant(one, conversation, batch)
    if not is_note:
        _before_speaking(one, conversation, batch)
    text = guard_again(one.content)
    found = text.found
    # Taken out, so that no second message of this batch can carry them.
    files = [batch.files.pop(key) for key in dict.fromkeys(one.files)] if one.files else []
    message = rows.new(
        Message,
        id=batch.ids.popleft() if batch.ids else None,
        conversation_id=conversation.id,
        participant_id=participant.id,
        sender=one.sender,
        visibility=one.visibility,
        text=text,
        secrets=[kind.value for kind in found] if found else [],
        file_count=len(files),
        format=one.format,
        language=one.language,
        language_from="page" if one.language else "",
        channel_account=one.channel_account,
        external_id=one.external_id,
        client_id=one.client_id,
        content_hash=content_hash,
        seq=next_seq(conversation),
        customer_seq=None if is_note else next_customer_seq(conversation),
        occurred_at=one.occurred_at or batch.at,
        received_at=batch.at,
        redacted_at=batch.at if found else None,
        origin=one.origin,
    )
    rows.relate(message, "participant", participant)
    if not is_note and _after_speaking(one, conversation, message, files):
        batch.turned.add(conversation.id)
    batch.carried += zip(files, repeat(message))
    batch.messages.append(message)
    batch.events.append(Unrecorded(message, one, conversation.brand_id))
    batch.known[one.sender, one.client_id] = message
    return message


def _participant(one: Say, conversation: Conversation, batch: Batch) -> Participant:
    by = one.by
    agent_id, customer_id = (None, by.customer_id) if isinstance(by, CustomerViewer) else (by.pk, None)
    key = (conversation.id, agent_id, customer_id)
    known = batch.participants.get(key)
    if known is None:
        known = batch.participants[key] = Participant.objects.create(
            conversation=conversation, agent_id=agent_id, customer_id=customer_id
        )
    return known


def _place_of(participant: Participant) -> tuple[int, int | None, int | None]:
    row = vars(participant)
    return row["conversation_id"], row["agent_id"], row["customer_id"]


def _before_speaking(one: Say, conversation: Conversation, batch: Batch) -> None:
    """A resolved conversation opens again; the first agent to answer takes it."""
    if conversation.is_resolved:
        conversation.state, conversation.resolved_at = State.OPEN, None
        batch.turned.add(conversation.pk)
        batch.events.append(fact(ConversationReopened, conversation, actor=one.actor))
        if isinstance(one.by, Agent) and not _may_go_on(conversation):
            conversation.assignee_id = None
    if isinstance(one.by, Agent) and conversation.assignee_id is None:
        # By id, so that whoever draws it asks for the agent as they are today.
        conversation.assignee_id = one.by.pk
        batch.turned.add(conversation.pk)
        batch.events.append(fact(ConversationAssigned, conversation, actor=one.actor, agent_id=one.by.pk))


def _may_go_on(conversation: Conversation) -> bool:
    """Whether the agent who had it may still answer there; a resolved one stays theirs when they leave."""
    assignee = conversation.assignee
    return assignee is None or allows(assignee, May.REPLY, conversation)


def _after_speaking(
    one: Say, conversation: Conversation, message: Message, files: Sequence[Attachment]
) -> bool:
    """Whether it is somebody else's turn now."""
    by_staff = isinstance(one.by, Agent)
    turn = Turn.CUSTOMER if by_staff else _our_turn(conversation)
    # Customers write in bursts, so only the first message of a burst starts the clock.
    is_turned = turn != conversation.turn
    if is_turned:
        conversation.give_turn(turn, message.occurred_at)
    conversation.spoken_seq = message.seq
    line = guard(message.text) or guard_again(", ".join(file.name for file in files))
    conversation.last_line = line.cut(LAST_LINE)
    conversation.last_by_staff = by_staff
    conversation.last_message_at = message.occurred_at
    return is_turned


def _our_turn(conversation: Conversation) -> Turn:
    for turn in REPLIES:
        if conversation.turn == turn:
            return turn
    return Turn.NEXT_REPLY if conversation.last_by_staff or conversation.spoken_seq else Turn.FIRST_REPLY


def _changed(batch: Batch) -> list[Conversation]:
    changed = {vars(message)["conversation_id"] for message in batch.messages}
    return [conversation for pk, conversation in batch.conversations.items() if pk in changed]


def _save_conversations(batch: Batch) -> None:
    """What stands in an index is written only where it has changed: most messages follow one of the same side."""
    changed = _changed(batch)
    rows.update([one for one in changed if one.id not in batch.turned], SPOKEN)
    rows.update([one for one in changed if one.id in batch.turned], SPOKEN + TURNED)


def _as_event(event: Event | Unrecorded) -> Event:
    if isinstance(event, Event):
        return event
    message = event.message
    return MessageSaid(
        actor=event.said.actor,
        brand_id=event.brand_id,
        conversation_id=vars(message)["conversation_id"],
        subject_id=message.id,
        seq=message.seq,
        customer_seq=message.customer_seq,
        occurred_at=message.occurred_at,
        visibility=event.said.visibility,
    )
