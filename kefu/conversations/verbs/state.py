"""Who answers, and whether it is done."""

from __future__ import annotations

from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, allows, require
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.events import ConversationAssigned, ConversationReopened, ConversationResolved
from kefu.conversations.nouns.conversation import Conversation, State, Turn
from kefu.conversations.verbs.counting import fact
from kefu.journal.actions import record


class CannotTake(RuntimeError):
    """That colleague may not answer in this conversation."""


@transaction.atomic
def assign(*, conversation: Conversation, to: Agent | None, by: Agent) -> Conversation:
    """Give it to a colleague of its team, or to nobody; raises CannotTake."""
    require(by, May.ASSIGN, conversation)
    conversation = Conversation.objects.locked().get(pk=conversation.pk)
    if conversation.assignee_id == (to.pk if to else None):
        return conversation
    if to is not None and not allows(to, May.REPLY, conversation):
        raise CannotTake
    conversation.assignee = to
    event = fact(ConversationAssigned, conversation, actor=by.actor, agent_id=to.pk if to else None)
    conversation.save(update_fields=["assignee", "seq", "customer_seq"])
    record(event)
    return conversation


@transaction.atomic
def resolve(*, conversation: Conversation, by: Agent) -> Conversation:
    require(by, May.RESOLVE, conversation)
    conversation = Conversation.objects.locked().get(pk=conversation.pk)
    if conversation.is_resolved:
        return conversation
    at = now()
    conversation.state, conversation.resolved_at = State.RESOLVED, at
    conversation.give_turn(Turn.NONE, at)
    event = fact(ConversationResolved, conversation, actor=by.actor)
    conversation.save(
        update_fields=["state", "resolved_at", "turn", "turn_since", "waits_for_us", "seq", "customer_seq"]
    )
    record(event)
    return conversation


@transaction.atomic
def reopen(*, conversation: Conversation, by: Agent | CustomerViewer) -> Conversation:
    """Open again with the turn of whoever did not speak last; with ours when the customer asks for it."""
    require(by, May.REOPEN, conversation)
    conversation = Conversation.objects.locked().get(pk=conversation.pk)
    if not conversation.is_resolved:
        return conversation
    conversation.state, conversation.resolved_at = State.OPEN, None
    waits_for_customer = conversation.last_by_staff and isinstance(by, Agent)
    conversation.give_turn(Turn.CUSTOMER if waits_for_customer else Turn.NEXT_REPLY, now())
    event = fact(ConversationReopened, conversation, actor=by.actor)
    conversation.save(
        update_fields=["state", "resolved_at", "turn", "turn_since", "waits_for_us", "seq", "customer_seq"]
    )
    record(event)
    return conversation
