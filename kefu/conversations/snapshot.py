"""A conversation as one audience has it now: what a page starts from, and what a client that missed too much gets."""

from __future__ import annotations

from typing import Any

from kefu.conversations.drawing import DRAWN_KINDS, Audience, Material, draw, draw_head, gather, watcher
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.participant import Participant
from kefu.conversations.verbs.cursors import counted_for
from kefu.journal.replay import entries_after, latest

EVENTS = 100


def topic_of(ref: str, audience: Audience) -> str:
    return f"conversation:{ref}/{audience}"


def load(ref: str) -> Conversation:
    """With everything that drawing reads; raises Conversation.DoesNotExist."""
    return Conversation.objects.select_related("topic", "customer").get(ref=ref)


def snapshot(conversation: Conversation, audience: Audience) -> dict[str, Any]:
    """The last hundred events that draw something, the head, and everybody's cursors.

    `seq` is read before the events, so that an event between the two is in both: applying it twice changes nothing.
    """
    conversation = load(conversation.ref)
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


def earlier(conversation: Conversation, audience: Audience, before: int) -> dict[str, Any]:
    """The hundred events before a place, oldest first."""
    conversation = load(conversation.ref)
    entries = latest(conversation.pk, audience.value, EVENTS + 1, DRAWN_KINDS, before)
    shown = list(reversed(entries[:EVENTS]))
    events = draw(shown, conversation, audience, gather(shown, [conversation]))
    return {"events": events, "earlier": len(entries) > EVENTS}


def events_after(
    conversation: Conversation, audience: Audience, after: int, *, limit: int
) -> list[dict[str, Any]] | None:
    """What came after a place, or None if that is more than `limit`."""
    entries = entries_after(conversation.pk, audience=audience.value, seq=after, limit=limit + 1)
    if len(entries) > limit:
        return None
    return draw(entries, conversation, audience, gather(entries, [conversation]))


def _cursors(conversation: Conversation, audience: Audience, material: Material) -> list[dict[str, Any]]:
    """The other side's cursors in the reader's own counting."""
    cursors = []
    for participant in Participant.objects.filter(conversation=conversation):
        by_customer = participant.customer_id is not None
        if by_customer == (audience == Audience.CUSTOMER):
            continue
        counted = [
            counted_for(conversation.pk, place, customer=by_customer)
            for place in (participant.delivered_seq, participant.seen_seq)
        ]
        who = watcher(participant.actor.kind, participant.actor.id, audience, material)
        cursors.append({"who": who, "delivered": counted[0], "seen": counted[1]})
    return cursors
