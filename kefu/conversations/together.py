"""What sockets say and see, many frames at once: the writer's thread calls these within one transaction.

They ask the same actions that pages call with one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from kefu.accounts.models import Agent
from kefu.conversations.ahead import HeadAfter, gather_soon
from kefu.conversations.drawing import Audience, Material, draw_message
from kefu.conversations.drawing_files import files_of
from kefu.conversations.frames import SayFrame, SeenFrame
from kefu.conversations.nouns.message import Message, Visibility
from kefu.conversations.refs import ids_of
from kefu.conversations.shapes import Ack
from kefu.conversations.shapes import Stale as StaleTold
from kefu.conversations.snapshot import events_after, load
from kefu.conversations.verbs.cursors import Cursor, move_cursor
from kefu.conversations.verbs.locking import held_elsewhere, lock_free
from kefu.conversations.verbs.say import BadFiles, Conflict, Refusal, Said, Say, Stale, Unknown
from kefu.conversations.verbs.saying import ask, is_said_again, say_in
from kefu.journal import prepared
from kefu.journal.rows import Lock
from kefu.realtime.frames import encode, error
from kefu.realtime.people import Person
from kefu.realtime.writer import LATER, Later
from kefu.safety.limits import Counting, Limit

# A burst of short lines is how people write; more than this is a machine.
SAY_LIMIT = Limit("say", 30, timedelta(seconds=30))
MOST_STALE = 200
FOR_WHOM = {one.value: one for one in Visibility}
# All that it takes to draw what a customer has just said.
NOTHING = Material(messages={}, agents={}, customers={}, topics={}, rating_words={}, files={})


class Spoken(NamedTuple):
    person: Person
    frame: SayFrame


class Led(NamedTuple):
    """An acknowledgement that is the event as well: whoever has it need not be told what happened at that place."""

    frame: bytes
    place: int


Answer = bytes | Led | Stale | Later


class Seen(NamedTuple):
    person: Person
    frame: SeenFrame


def side_of(person: Person) -> Audience:
    return Audience.CUSTOMER if person.kind == "customer" else Audience.STAFF


def is_whole(person: Person, said: SayFrame) -> bool:
    """There is something in it, and an agent's reply says what it answers."""
    return bool(said.text or said.files) and not (_is_reply(person, said) and said.spoken_seq is None)


def say_together(spoken: Sequence[Spoken]) -> list[Answer]:
    """A frame each; Stale where its sender must be shown what came first; LATER where somebody else has the row."""
    ids = ids_of([one.frame.ref for one in spoken])
    said = [_as_say(one, pk) for one, pk in zip(spoken, ids, strict=True)]
    counting = Counting(SAY_LIMIT)
    with prepared.together():
        asked_waits = counting.take_soon([one.sender for one in said])
        asked = ask(said, lock=Lock.IF_FREE)
    waits, batch = asked_waits(), asked()
    elsewhere = held_elsewhere({one.conversation_id for one in said}, batch.conversations.keys())
    answers: list[Answer] = [LATER] * len(spoken)
    wanted, uncounted = [], []
    for place, (one, wait) in enumerate(zip(said, waits, strict=True)):
        if wait is not None:
            answers[place] = _too_many(spoken[place].frame, wait)
        elif one.conversation_id not in elsewhere:
            wanted.append(place)
        # Who says again what got lost on its way says nothing new.
        if wait is None and (one.conversation_id in elsewhere or is_said_again(one, batch)):
            uncounted.append(one.sender)
    with prepared.together_at_last() if wanted else prepared.together():
        counting.give_back(uncounted)
        told = say_in(batch, [said[place] for place in wanted])
        gathered = gather_soon(batch)
    head_after = gathered()
    for place, answer in zip(wanted, told, strict=True):
        answers[place] = _told(spoken[place], answer, head_after)
    return answers


def see_together(seen: Sequence[Seen]) -> list[Later | None]:
    """Nothing is answered: whoever may not read it, or sees nothing new, has moved no cursor."""
    ids = ids_of([one.frame.ref for one in seen])
    elsewhere = lock_free({pk for pk in ids if pk is not None})
    move_cursor(
        [
            Cursor(
                conversation_id=pk, by=one.person.viewer, delivered=one.frame.delivered, seen=one.frame.seen
            )
            for one, pk in zip(seen, ids, strict=True)
            if pk is not None and pk not in elsewhere
        ]
    )
    return [LATER if pk in elsewhere else None for pk in ids]


def draw_stale(said: SayFrame, spoken_seq: int) -> bytes:
    """What an agent has not read yet, who answered something else."""
    events = events_after(load(said.ref), Audience.STAFF, said.spoken_seq or 0, limit=MOST_STALE) or []
    told: StaleTold = {
        "type": "stale",
        "client_id": said.client_id,
        "ref": said.ref,
        "spoken_seq": spoken_seq,
        "events": events,
    }
    return encode(told)


def _is_reply(person: Person, said: SayFrame) -> bool:
    return isinstance(person.viewer, Agent) and said.visibility == "customer"


def _as_say(one: Spoken, conversation_id: int | None) -> Say:
    said = one.frame
    return Say(
        conversation_id=conversation_id or 0,
        by=one.person.viewer,
        client_id=said.client_id,
        content=said.text,
        files=said.files,
        visibility=FOR_WHOM[said.visibility],
        spoken_seq=said.spoken_seq if _is_reply(one.person, said) else None,
    )


def _told(one: Spoken, answer: Said | Refusal, head_after: HeadAfter) -> bytes | Led | Stale:
    client_id = one.frame.client_id
    match answer:
        case Said(message):
            return _ack(one, message, head_after)
        case Stale():
            return answer
        case BadFiles(code):
            return error(code, client_id=client_id)
        case Conflict():
            return error("conflict", client_id=client_id)
        case Unknown():
            return error("not_found", client_id=client_id)
        case _:
            return error("refused", client_id=client_id)


def _ack(one: Spoken, message: Message, head_after: HeadAfter) -> bytes | Led:
    """Whoever has said it is its author, so nobody must be looked up; its files are, if it has any."""
    by, side = one.person.viewer, side_of(one.person)
    material = NOTHING
    if isinstance(by, Agent) or message.file_count:
        agents = {by.pk: by} if isinstance(by, Agent) else {}
        material = replace(NOTHING, agents=agents, files=files_of([message]))
    told: Ack = {
        "type": "ack",
        "client_id": one.frame.client_id,
        "ref": one.frame.ref,
        "message": draw_message(message, side, material),
        "head": head_after(message),
    }
    frame = encode(told)
    return frame if told["head"] is None else Led(frame, message.customer_seq or 0)


def _too_many(said: SayFrame, wait: timedelta) -> bytes:
    return error("too_many", client_id=said.client_id, retry_after_ms=int(wait.total_seconds() * 1000))
