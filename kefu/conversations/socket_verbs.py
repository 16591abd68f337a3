"""What a socket may ask of conversations, from the same actions that pages call."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from kefu.conversations.actions import Stale
from kefu.conversations.drawing import Audience
from kefu.conversations.frames import LookingFrame, SayFrame, SeenFrame, TypingFrame
from kefu.conversations.snapshot import topic_of
from kefu.conversations.together import (
    Led,
    Seen,
    Spoken,
    draw_stale,
    is_whole,
    say_together,
    see_together,
    side_of,
)
from kefu.conversations.topics import readable
from kefu.conversations.verbs.cursors import can_answer
from kefu.realtime import leases, shapes
from kefu.realtime.connection import Connection
from kefu.realtime.frames import error
from kefu.realtime.hub import hub
from kefu.realtime.people import Person
from kefu.realtime.verbs import Taken
from kefu.safety.limits import Limit, TooMany, take

# Nobody else holds them.
_telling: set[asyncio.Future[None]] = set()
# A page tells every three seconds that its writer types; the limit is a person's, over all their pages.
TYPING_LIMIT = Limit("typing", 60, timedelta(minutes=1))


async def answer_say(connection: Connection, said: SayFrame) -> None:
    person = connection.person
    if person is None or not is_whole(person, said):
        connection.put(error("malformed", client_id=said.client_id))
        return
    answer = await hub.writer(say_together, Spoken(person, said), sender=str(person.actor))
    if isinstance(answer, Stale):
        await _tell_stale(connection, said, answer)
    else:
        connection.put(answer.frame if isinstance(answer, Led) else answer)


def begin_say(connection: Connection, said: SayFrame, taken: Taken) -> None:
    """The same without a task, but for what is stale."""
    person = connection.person
    if person is None or not is_whole(person, said):
        connection.put(error("malformed", client_id=said.client_id))
        taken(None)
        return

    def then(answer: bytes | Led | Stale | Exception) -> None:
        if isinstance(answer, bytes | Led):
            try:
                _put(connection, said, answer)
            finally:
                taken(None)
        elif isinstance(answer, Stale):
            telling = asyncio.ensure_future(_tell_stale(connection, said, answer))
            _telling.add(telling)
            telling.add_done_callback(_telling.discard)
            telling.add_done_callback(lambda told: told.cancelled() or taken(_problem(told)))
        else:
            taken(answer)

    hub.writer.ask(say_together, Spoken(person, said), sender=str(person.actor), then=then)


def _put(connection: Connection, said: SayFrame, answer: bytes | Led) -> None:
    if isinstance(answer, Led):
        hub.lead(connection, topic_of(said.ref, Audience.CUSTOMER), answer.place, answer.frame)
    else:
        connection.put(answer)


async def _tell_stale(connection: Connection, said: SayFrame, answer: Stale) -> None:
    connection.put(await hub.database(draw_stale, said, answer.spoken_seq))


def _problem(told: asyncio.Future[None]) -> Exception | None:
    problem = told.exception()
    return problem if isinstance(problem, Exception) else None


async def answer_seen(connection: Connection, seen: SeenFrame) -> None:
    person = connection.person
    if person is not None:
        await hub.writer(see_together, Seen(person, seen), sender=str(person.actor))


async def answer_typing(connection: Connection, typing: TypingFrame) -> None:
    """Passed on for those who listen and may answer. Too much is dropped in silence, as leases may be lost."""
    person = connection.person
    if person is None or topic_of(typing.ref, side_of(person)) not in connection.topics:
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


def _towards(person: Person, side: Audience) -> shapes.Person:
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
