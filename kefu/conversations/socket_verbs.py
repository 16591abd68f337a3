"""What a socket may ask of conversations, from the same actions that pages call."""

from __future__ import annotations

from datetime import timedelta

from kefu.accounts.models import Agent
from kefu.conversations.actions import BadFiles, Conflict, Cursor, Denied, Said, Say, Stale, move_cursor, say
from kefu.conversations.drawing import Audience, draw_message, gather
from kefu.conversations.drawing_files import files_of
from kefu.conversations.frames import LookingFrame, SayFrame, SeenFrame, TypingFrame
from kefu.conversations.nouns.message import Message, Visibility
from kefu.conversations.snapshot import events_after, load, topic_of
from kefu.conversations.topics import readable
from kefu.conversations.verbs.cursors import can_answer
from kefu.realtime import leases
from kefu.realtime.connection import Connection
from kefu.realtime.frames import error, frame
from kefu.realtime.hub import hub
from kefu.realtime.people import Person
from kefu.safety.limits import Limit, TooMany, take

# A burst of short lines is how people write; more than this is a machine.
SAY_LIMIT = Limit("say", 30, timedelta(seconds=30))
# A page tells every three seconds that its writer types; the limit is a person's, over all their pages.
TYPING_LIMIT = Limit("typing", 60, timedelta(minutes=1))
MOST_STALE = 200


def audience(person: Person) -> Audience:
    return Audience.CUSTOMER if person.kind == "customer" else Audience.STAFF


async def answer_say(connection: Connection, said: SayFrame) -> None:
    connection.put(await hub.database(_say, connection.person, said))


async def answer_seen(connection: Connection, seen: SeenFrame) -> None:
    await hub.database(_seen, connection.person, seen)


async def answer_typing(connection: Connection, typing: TypingFrame) -> None:
    """Passed on for those who listen and may answer. Too much is dropped in silence, as leases may be lost."""
    person = connection.person
    if person is None or topic_of(typing.ref, audience(person)) not in connection.topics:
        connection.put(error("not_found"))
        return
    try:
        is_allowed = await hub.database(_count_typing, person, typing.ref)
    except TooMany:
        return
    if not is_allowed:
        connection.put(error("refused"))
        return
    for side in Audience:
        leases.typing(topic_of(typing.ref, side), _towards(person, side), by=person.actor)


async def answer_looking(connection: Connection, looking: LookingFrame) -> None:
    person = connection.person
    if person is None or person.kind != "agent":
        connection.put(error("refused"))
        return
    topic = topic_of(looking.ref, Audience.STAFF) if looking.ref else None
    if topic is not None and topic not in connection.topics:
        connection.put(error("not_found"))
        return
    leases.look(connection, topic, _towards(person, Audience.STAFF))


def _towards(person: Person, side: Audience) -> dict[str, object]:
    if side == Audience.STAFF:
        return {"kind": person.kind, "id": person.id, "name": person.name}
    return {"kind": person.kind, "id": 0, "name": "" if person.kind == "customer" else person.name}


def _count_typing(person: Person, ref: str) -> bool:
    """Whether the policy lets them answer here. Raises TooMany."""
    conversation = readable(person, ref)
    if conversation is None or not can_answer(person.viewer, conversation):
        return False
    take(TYPING_LIMIT, str(person.actor))
    return True


def _say(person: Person, said: SayFrame) -> bytes:
    conversation = readable(person, said.ref)
    if conversation is None:
        return error("not_found", client_id=said.client_id)
    try:
        take(SAY_LIMIT, str(person.actor))
    except TooMany as problem:
        return error(
            "too_many",
            client_id=said.client_id,
            retry_after_ms=int(problem.retry_after.total_seconds() * 1000),
        )
    is_reply = isinstance(person.viewer, Agent) and said.visibility == "customer"
    if (is_reply and said.spoken_seq is None) or not (said.text or said.files):
        return error("malformed", client_id=said.client_id)
    one = Say(
        conversation_id=conversation.pk,
        by=person.viewer,
        client_id=said.client_id,
        content=said.text,
        files=said.files,
        visibility=Visibility(said.visibility),
        spoken_seq=said.spoken_seq if is_reply else None,
    )
    match say([one])[0]:
        case Said(message):
            return _ack(message, said, audience(person))
        case Stale(spoken_seq):
            return _stale(said, spoken_seq)
        case BadFiles(code):
            return error(code, client_id=said.client_id)
        case Conflict():
            return error("conflict", client_id=said.client_id)
        case Denied() | _:
            return error("refused", client_id=said.client_id)


def _ack(message: Message, said: SayFrame, side: Audience) -> bytes:
    conversation = load(said.ref)
    material = gather([], [conversation])
    material.files.update(files_of([message]))
    author = message.participant.agent
    if author is not None:
        material.agents.setdefault(author.pk, author)
    return frame("ack", client_id=said.client_id, ref=said.ref, message=draw_message(message, side, material))


def _stale(said: SayFrame, spoken_seq: int) -> bytes:
    events = events_after(load(said.ref), Audience.STAFF, said.spoken_seq or 0, limit=MOST_STALE) or []
    return frame("stale", client_id=said.client_id, ref=said.ref, spoken_seq=spoken_seq, events=events)


def _seen(person: Person, seen: SeenFrame) -> None:
    conversation = readable(person, seen.ref)
    if conversation is not None:
        move_cursor(
            [
                Cursor(
                    conversation_id=conversation.pk,
                    by=person.viewer,
                    delivered=seen.delivered,
                    seen=seen.seen,
                )
            ]
        )
