"""What sockets say and see, many frames at once: the writer's thread calls these within one transaction.

They ask the same actions that pages call with one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kefu.accounts.models import Agent
from kefu.conversations.drawing import Audience, Material, draw_message
from kefu.conversations.drawing_files import files_of
from kefu.conversations.frames import SayFrame, SeenFrame
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.message import Message, Visibility
from kefu.conversations.snapshot import events_after, load
from kefu.conversations.verbs.cursors import Cursor, move_cursor
from kefu.conversations.verbs.locking import held_elsewhere
from kefu.conversations.verbs.saying import BadFiles, Conflict, Refusal, Said, Say, Stale, Unknown, say
from kefu.realtime.frames import error, frame
from kefu.realtime.people import Person
from kefu.realtime.writer import LATER, Later
from kefu.safety.limits import Limit, take_each

# A burst of short lines is how people write; more than this is a machine.
SAY_LIMIT = Limit("say", 30, timedelta(seconds=30))
MOST_STALE = 200
MOST_KNOWN = 20_000
_known_ids: dict[str, int] = {}


@dataclass
class Spoken:
    """`wait` is for how long whoever has said too much must wait, once that is counted."""

    person: Person
    frame: SayFrame
    wait: timedelta | None = None


@dataclass(frozen=True)
class Seen:
    person: Person
    frame: SeenFrame


def side_of(person: Person) -> Audience:
    return Audience.CUSTOMER if person.kind == "customer" else Audience.STAFF


def is_whole(person: Person, said: SayFrame) -> bool:
    """There is something in it, and an agent's reply says what it answers."""
    return bool(said.text or said.files) and not (_is_reply(person, said) and said.spoken_seq is None)


def count_together(spoken: Sequence[Spoken]) -> None:
    """Before the transaction: what is refused or done again was said all the same, and is counted once."""
    waits = take_each(SAY_LIMIT, [str(one.person.actor) for one in spoken])
    for one, wait in zip(spoken, waits, strict=True):
        one.wait = wait


def say_together(spoken: Sequence[Spoken]) -> list[bytes | Stale | Later]:
    """A frame each; Stale where its sender must be shown what came first; LATER where somebody else has the row."""
    ids = _ids_of([one.frame.ref for one in spoken])
    elsewhere = held_elsewhere({pk for pk in ids if pk is not None})
    answers: list[bytes | Stale | Later] = [LATER] * len(spoken)
    wanted = []
    for place, (one, pk) in enumerate(zip(spoken, ids, strict=True)):
        if one.wait is not None:
            answers[place] = _too_many(one.frame, one.wait)
        elif pk not in elsewhere:
            wanted.append(place)
    said = say([_as_say(spoken[place], ids[place]) for place in wanted])
    for place, answer in zip(wanted, said, strict=True):
        answers[place] = _told(spoken[place], answer)
    return answers


def see_together(seen: Sequence[Seen]) -> list[Later | None]:
    """Nothing is answered: whoever may not read it, or sees nothing new, has moved no cursor."""
    ids = _ids_of([one.frame.ref for one in seen])
    elsewhere = held_elsewhere({pk for pk in ids if pk is not None})
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
    return frame("stale", client_id=said.client_id, ref=said.ref, spoken_seq=spoken_seq, events=events)


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
        visibility=Visibility(said.visibility),
        spoken_seq=said.spoken_seq if _is_reply(one.person, said) else None,
    )


def _told(one: Spoken, answer: Said | Refusal) -> bytes | Stale:
    client_id = one.frame.client_id
    match answer:
        case Said(message):
            return _ack(one, message)
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


def _ack(one: Spoken, message: Message) -> bytes:
    """Whoever has said it is its author, so nobody must be looked up; its files are, if it has any."""
    by, side = one.person.viewer, side_of(one.person)
    agents = {by.pk: by} if isinstance(by, Agent) else {}
    files = files_of([message]) if message.file_count else {}
    material = Material(messages={}, agents=agents, customers={}, rating_words={}, files=files)
    drawn = draw_message(message, side, material)
    return frame("ack", client_id=one.frame.client_id, ref=one.frame.ref, message=drawn)


def _too_many(said: SayFrame, wait: timedelta) -> bytes:
    return error("too_many", client_id=said.client_id, retry_after_ms=int(wait.total_seconds() * 1000))


def _ids_of(refs: Sequence[str]) -> list[int | None]:
    """A ref is given once and for ever, so what it stands for is asked once, in one query for all that are new here."""
    new = {ref for ref in refs if ref not in _known_ids}
    if new:
        if len(_known_ids) > MOST_KNOWN:
            _known_ids.clear()
        _known_ids.update(Conversation.objects.filter(ref__in=new).values_list("ref", "pk"))
    return [_known_ids.get(ref) for ref in refs]
