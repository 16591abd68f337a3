"""A conversation as one audience has it now: what a page starts from, and what a client that missed too much gets."""

from __future__ import annotations

from dataclasses import dataclass

from kefu.conversations.drawing import DRAWN_KINDS, Audience, Material, draw, draw_head, gather, watcher
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.refs import remember
from kefu.conversations.shapes import Event, Head, Older, Reached, Snapshot, StaffHead
from kefu.conversations.verbs.cursors import reach_of
from kefu.journal.replay import entries_after, latest

EVENTS = 100


def topic_of(ref: str, audience: Audience) -> str:
    return f"conversation:{ref}/{audience}"


def load(ref: str) -> Conversation:
    """With everything that drawing reads; raises Conversation.DoesNotExist."""
    conversation = Conversation.objects.select_related("topic", "customer").get(ref=ref)
    remember(ref, conversation.pk)
    return conversation


def snapshot(conversation: Conversation, audience: Audience) -> Snapshot:
    """A conversation that was read some time ago, as one audience has it now."""
    return shown(load(conversation.ref), audience)


def shown(conversation: Conversation, audience: Audience) -> Snapshot:
    """The last hundred events that draw something, the head, and everybody's cursors, of one that was loaded just now.

    `seq` is read before the events, so that an event between the two is in both: applying it twice changes nothing.
    """
    seq = conversation.customer_seq if audience == Audience.CUSTOMER else conversation.seq
    entries = latest(conversation.pk, audience.value, EVENTS + 1, DRAWN_KINDS)
    shown = list(reversed(entries[:EVENTS]))
    material = gather(shown, [conversation])
    return {
        "topic": topic_of(conversation.ref, audience),
        "seq": seq,
        "head": draw_head(conversation, audience, material),
        "events": draw(shown, conversation, audience, material),
        "cursors": _cursors(conversation, audience, material),
        "earlier": len(entries) > EVENTS,
    }


def earlier(conversation: Conversation, audience: Audience, before: int) -> Older:
    """The hundred events before a place, oldest first."""
    conversation = load(conversation.ref)
    apart = conversation.seq - conversation.customer_seq
    entries = latest(conversation.pk, audience.value, EVENTS + 1, DRAWN_KINDS, before=before, apart=apart)
    shown = list(reversed(entries[:EVENTS]))
    events = draw(shown, conversation, audience, gather(shown, [conversation]))
    return {"events": events, "earlier": len(entries) > EVENTS}


@dataclass(frozen=True)
class Replay:
    """What came after a place, and the head that it led to."""

    events: list[Event]
    head: StaffHead | Head


def replay(conversation: Conversation, audience: Audience, after: int, *, limit: int) -> Replay | None:
    """None if that is more than `limit` events."""
    entries = entries_after(conversation.pk, audience=audience.value, seq=after, limit=limit + 1)
    if len(entries) > limit:
        return None
    material = gather(entries, [conversation])
    return Replay(
        events=draw(entries, conversation, audience, material),
        head=draw_head(conversation, audience, material),
    )


def events_after(
    conversation: Conversation, audience: Audience, after: int, *, limit: int
) -> list[Event] | None:
    """What came after a place, or None if that is more than `limit`."""
    found = replay(conversation, audience, after, limit=limit)
    return found.events if found is not None else None


def _cursors(conversation: Conversation, audience: Audience, material: Material) -> list[Reached]:
    """The other side's cursors in the reader's own counting."""
    return [
        {
            "who": watcher(reach.actor.kind, reach.actor.id, audience, material),
            "delivered": reach.delivered,
            "seen": reach.seen,
        }
        for reach in reach_of(conversation, customers=audience == Audience.STAFF)
    ]
