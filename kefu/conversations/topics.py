"""The topics of conversations: one for the customer, one for staff, each drawn once whatever the number of listeners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kefu.accounts.policy import May, allows
from kefu.background.meters import NUMBERS, Count, Spread
from kefu.conversations.drawing import DRAWN_OF_CONVERSATIONS, Audience, draw, draw_head, gather
from kefu.conversations.fresh import Ahead, Beside, beside, fresh, topics_beside
from kefu.conversations.looks import note_look
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.refs import refs_of
from kefu.conversations.shapes import Event, Events, Head, Led, Resync, StaffHead
from kefu.conversations.snapshot import load, replay, shown, topic_of
from kefu.journal import rows
from kefu.journal.models import Entry
from kefu.realtime.frames import encode
from kefu.realtime.people import Person
from kefu.realtime.topics import Listened, Outgoing, Ready, TopicKind

PREFIX = "conversation:"
MESSAGE = "conversation.message"
AUDIENCES = tuple(Audience)
MOST_REPLAYED = 500
REPLAYS = Spread(
    "kefu_replay_events",
    "What a client had missed of one conversation when it came back, in events.",
    NUMBERS,
)
RESYNCS = Count(
    "kefu_resyncs", "Conversations that were drawn anew: on a first look, or when too much was missed."
)


class Heard(NamedTuple):
    """A conversation to which somebody here listens, and as which side."""

    conversation: Conversation
    audience: Audience
    topic: str


def split(topic: str) -> tuple[str, Audience] | None:
    ref, _, audience = topic.removeprefix(PREFIX).partition("/")
    return (ref, Audience(audience)) if audience in set(Audience) else None


def readable(person: Person, ref: str) -> Conversation | None:
    """The conversation, if the policy lets this person read it."""
    try:
        conversation = load(ref)
    except Conversation.DoesNotExist:
        return None
    return conversation if allows(person.viewer, May.READ_CONVERSATION, conversation) else None


def authorise(person: Person, topic: str) -> bool:
    return _heard_by(person, topic) is not None


def catch_up(person: Person, topic: str, after: int) -> list[bytes] | None:
    """What came after, or a snapshot if that is too much, asked for, or from another history; None if it is not theirs."""
    conversation = _heard_by(person, topic)
    if conversation is None:
        return None
    audience = Audience.CUSTOMER if person.kind == "customer" else Audience.STAFF
    note_look(person.viewer, conversation)
    mine = conversation.customer_seq if audience == Audience.CUSTOMER else conversation.seq
    is_followed = 0 <= after <= mine
    missed = replay(conversation, audience, after, limit=MOST_REPLAYED) if is_followed else None
    if missed is None:
        RESYNCS.add()
        resync: Resync = {"type": "resync", "topic": topic, "snapshot": shown(conversation, audience)}
        return [encode(resync)]
    REPLAYS.take(len(missed.events))
    return [_frame(topic, missed.events, missed.head)] if missed.events else []


def _heard_by(person: Person, topic: str) -> Conversation | None:
    parts = split(topic)
    if parts is None or (parts[1] == Audience.CUSTOMER) != (person.kind == "customer"):
        return None
    return readable(person, parts[0])


def ready(entries: Sequence[Entry], listened: Listened) -> Ready:
    """What was said here just now, drawn of what was at hand then; all else is left. The loop calls it: no query."""
    if not fresh.has_ahead:
        return Ready((), [entry for entry in entries if entry.seq is not None])
    outgoing: list[Outgoing] = []
    left: list[Entry] = []
    for own in _by_conversation(entries).values():
        drawn = _drawn_of(fresh.ahead(own), listened)
        if drawn is None:
            left += own
        else:
            outgoing += drawn
    return Ready(outgoing, left)


def _drawn_of(ahead: Sequence[Ahead] | None, listened: Listened) -> list[Outgoing] | None:
    """None where it takes more than is at hand."""
    if ahead is None:
        return None
    ref = ahead[0].conversation.ref
    topics = {side: topic for side in AUDIENCES if (topic := topic_of(ref, side)) in listened}
    drawn: list[Outgoing] = []
    for one in ahead:
        for side, topic in topics.items():
            if _is_known(one.entries, side, topic, listened):
                continue
            if one.material is None:
                return None
            if events := draw(one.entries, one.conversation, side, one.material):
                head = draw_head(one.conversation, side, one.material)
                drawn.append(Outgoing(topic, _frame(topic, events, head)))
    if Audience.CUSTOMER in topics:
        places = [place for one in ahead for place in _places(one.entries)]
        listened.deliver(topics[Audience.CUSTOMER], places)
    return drawn


def _is_known(entries: Sequence[Entry], side: Audience, topic: str, listened: Listened) -> bool:
    """A customer who has just said something, and was told it with the acknowledgement."""
    return side is Audience.CUSTOMER and listened.has_told(topic) and listened.knows(topic, _places(entries))


def _places(entries: Iterable[Entry]) -> list[int]:
    return [entry.customer_seq for entry in entries if entry.customer_seq is not None]


def _by_conversation(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    """Those that have a place in one."""
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.conversation_id is not None and entry.seq is not None:
            found[entry.conversation_id].append(entry)
    return found


def render(entries: Sequence[Entry], listened: Listened) -> list[Outgoing]:
    by_conversation = _by_conversation(entries)
    kept_here = fresh.conversations([own[-1] for own in by_conversation.values()])
    known = {pk: one.row for pk, one in kept_here.items()}
    heard = _heard(by_conversation, known, listened)
    rows_of = {one.conversation.id: one.conversation for one in heard}
    if any(one.audience is Audience.STAFF for one in heard):
        theirs = beside(list(rows_of.values()))
        conversations = {pk: one for pk, one in rows_of.items() if theirs.can_draw_for_staff(one)}
    else:
        theirs = Beside(topics_beside(rows_of.values()), {}, {})
        conversations = {pk: one for pk, one in rows_of.items() if theirs.can_draw(one)}
    heard = [one for one in heard if one.conversation.id in conversations]
    wanted = [entry for pk in conversations for entry in by_conversation[pk]]
    # Where something has come since that is not kept here, all may have been erased: that is read.
    said = [
        entry.subject_id or 0
        for entry in wanted
        if entry.kind == MESSAGE
        and (one := kept_here.get(entry.conversation_id or 0))
        and one.since <= (entry.seq or 0)
    ]
    material = gather(wanted, conversations.values(), known=fresh.messages(said), theirs=theirs)
    return [
        Outgoing(one.topic, _frame(one.topic, events, draw_head(one.conversation, one.audience, material)))
        for one in heard
        if (events := draw(by_conversation[one.conversation.id], one.conversation, one.audience, material))
    ]


def _heard(
    by_conversation: Mapping[int, Sequence[Entry]], known: Mapping[int, Conversation], listened: Listened
) -> list[Heard]:
    """Those that somebody here listens to, and as whom; what was committed here is not read again."""

    def heard_as(pk: int, ref: str) -> list[tuple[Audience, str]]:
        heard = []
        for audience in AUDIENCES:
            topic = topic_of(ref, audience)
            if topic in listened and not _is_known(by_conversation[pk], audience, topic, listened):
                heard.append((audience, topic))
            if audience is Audience.CUSTOMER:
                listened.deliver(topic, _places(by_conversation[pk]))
        return heard

    as_whom = {pk: heard_as(pk, one.ref) for pk, one in known.items()}
    found = list(known.values())
    if missing := by_conversation.keys() - known.keys():
        refs = refs_of(missing)
        elsewhere = {pk: sides for pk, ref in refs.items() if (sides := heard_as(pk, ref))}
        found += rows.fetch(Conversation, "id", elsewhere, only=DRAWN_OF_CONVERSATIONS)
        as_whom |= elsewhere
    return [Heard(one, audience, topic) for one in found for audience, topic in as_whom[one.id]]


def _frame(topic: str, events: list[Event], head: StaffHead | Head) -> bytes:
    """The events, and last the head that they lead to."""
    last = events[-1]
    led: Led = {"seq": last["seq"], "kind": "conversation", "at": last["at"], "head": head}
    told: Events = {"type": "events", "topic": topic, "events": [*events, led]}
    return encode(told)


CONVERSATION_TOPICS = TopicKind(
    prefix=PREFIX, authorise=authorise, catch_up=catch_up, render=render, ready=ready
)
