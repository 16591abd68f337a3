"""The topics of conversations: one for the customer, one for staff, each drawn once whatever the number of listeners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kefu.accounts.policy import May, allows
from kefu.conversations.drawing import Audience, Material, draw, draw_head, gather
from kefu.conversations.fresh import fresh, with_people, with_topics
from kefu.conversations.looks import note_look
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.snapshot import events_after, load, snapshot, topic_of
from kefu.journal.models import Entry
from kefu.realtime.frames import frame
from kefu.realtime.people import Person
from kefu.realtime.topics import Outgoing, TopicKind

PREFIX = "conversation:"
MESSAGE = "conversation.message"
MOST_REPLAYED = 500


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
    parts = split(topic)
    if parts is None or (parts[1] == Audience.CUSTOMER) != (person.kind == "customer"):
        return False
    return readable(person, parts[0]) is not None


def catch_up(person: Person, topic: str, after: int) -> list[bytes]:
    """What came after, or a snapshot if that is too much, asked for, or from another history."""
    parts = split(topic)
    assert parts is not None  # noqa: S101 - authorise() was asked first
    conversation = load(parts[0])
    note_look(person.viewer, conversation)
    mine = conversation.customer_seq if parts[1] == Audience.CUSTOMER else conversation.seq
    events = (
        None
        if after < 0 or after > mine
        else events_after(conversation, parts[1], after, limit=MOST_REPLAYED)
    )
    if events is None:
        return [frame("resync", topic=topic, snapshot=snapshot(conversation, parts[1]))]
    if not events:
        return []
    head = draw_head(conversation, parts[1], gather([], [conversation]))
    return [_events(topic, events, head)]


def render(entries: Sequence[Entry], topics: frozenset[str]) -> list[Outgoing]:
    by_conversation: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.conversation_id is not None and entry.seq is not None:
            by_conversation[entry.conversation_id].append(entry)
    is_for_staff = any(topic.endswith(Audience.STAFF) for topic in topics)
    known = fresh.conversations([own[-1] for own in by_conversation.values()])
    conversations = _listened_to(by_conversation, known, topics, is_for_staff=is_for_staff)
    wanted = [entry for pk in conversations for entry in by_conversation[pk]]
    # Where something has come since, all may have been erased: that is read.
    said = [one.subject_id or 0 for one in wanted if one.kind == MESSAGE and one.conversation_id in known]
    material = gather(wanted, conversations.values(), known=fresh.messages(said), is_for_staff=is_for_staff)
    return [
        outgoing
        for pk, conversation in conversations.items()
        for audience in Audience
        if topic_of(conversation.ref, audience) in topics
        for outgoing in _outgoing(by_conversation[pk], conversation, audience, material)
    ]


def _listened_to(
    by_conversation: Mapping[int, Sequence[Entry]],
    known: Mapping[int, Conversation],
    topics: frozenset[str],
    *,
    is_for_staff: bool,
) -> dict[int, Conversation]:
    """Those that somebody here listens to, with what is drawn of them; what was committed here is not read again."""
    refs = {topic.removeprefix(PREFIX).partition("/")[0] for topic in topics}
    found = {pk: one for pk, one in known.items() if one.ref in refs}
    (with_people if is_for_staff else with_topics)(list(found.values()))
    if missing := by_conversation.keys() - known.keys():
        rows = Conversation.objects.filter(pk__in=missing, ref__in=refs).select_related("topic", "customer")
        found |= {one.pk: one for one in rows}
    return found


def _outgoing(
    entries: list[Entry], conversation: Conversation, audience: Audience, material: Material
) -> list[Outgoing]:
    events = draw(entries, conversation, audience, material)
    if not events:
        return []
    topic = topic_of(conversation.ref, audience)
    return [Outgoing(topic, _events(topic, events, draw_head(conversation, audience, material)))]


def _events(topic: str, events: list[dict[str, object]], head: dict[str, object]) -> bytes:
    """The events, and last the head that they lead to."""
    last = events[-1]
    return frame(
        "events",
        topic=topic,
        events=[*events, {"seq": last["seq"], "kind": "conversation", "at": last["at"], "head": head}],
    )


CONVERSATION_TOPICS = TopicKind(prefix=PREFIX, authorise=authorise, catch_up=catch_up, render=render)
