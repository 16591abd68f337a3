"""Allotting the two counters of a conversation whose row is locked."""

from __future__ import annotations

from typing import Any

from kefu.conversations.nouns.conversation import Conversation
from kefu.journal.actor import Actor
from kefu.journal.events import Event


def next_seq(conversation: Conversation) -> int:
    conversation.seq += 1
    return conversation.seq


def next_customer_seq(conversation: Conversation) -> int:
    conversation.customer_seq += 1
    return conversation.customer_seq


def fact(kind: type[Event], conversation: Conversation, *, actor: Actor, **fields: Any) -> Event:
    """An event that both sides may see, with its place in both counts. The conversation must be saved after."""
    return kind(
        actor=actor,
        brand_id=conversation.brand_id,
        conversation_id=conversation.pk,
        seq=next_seq(conversation),
        customer_seq=next_customer_seq(conversation),
        **fields,
    )


def staff_fact(kind: type[Event], conversation: Conversation, *, actor: Actor, **fields: Any) -> Event:
    """An event that only staff may see; the customer's count doesn't tell that it happened."""
    return kind(
        actor=actor,
        brand_id=conversation.brand_id,
        conversation_id=conversation.pk,
        seq=next_seq(conversation),
        **fields,
    )
