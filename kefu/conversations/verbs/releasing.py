"""Whose agent may no longer answer in it is nobody's again: an agent leaves, moves to another team, or becomes an auditor."""

from __future__ import annotations

from django.db import transaction

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, Scope, allows
from kefu.conversations.events import ConversationAssigned
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.verbs.counting import fact
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM

# Their rows are locked together, and whoever speaks there waits for as long.
AT_ONCE = 50


def release_lost(*, agent: Agent) -> int:
    """Give back all open conversations of theirs in which they may not answer any more; how many there were."""
    held = Conversation.objects.assigned_to(agent)
    places = [Scope(*place) for place in held.order_by().values_list("brand_id", "team_id").distinct()]
    lost = [place.team_id for place in places if not allows(agent, May.REPLY, place)]
    ids = list(held.filter(team__in=lost).order_by("pk").values_list("pk", flat=True))
    return sum(_release(ids[start : start + AT_ONCE], agent) for start in range(0, len(ids), AT_ONCE))


def release_if_lost(*, conversation_id: int) -> bool:
    """The same for one conversation, which was open again before anybody looked who has it."""
    conversation = Conversation.objects.open().select_related("assignee").get(pk=conversation_id)
    agent = conversation.assignee
    if agent is None or allows(agent, May.REPLY, conversation):
        return False
    return bool(_release([conversation_id], agent))


@transaction.atomic
def _release(ids: list[int], agent: Agent) -> int:
    """Those that are still theirs; somebody else may have taken one meanwhile, or may have resolved it."""
    held = list(Conversation.objects.locked().assigned_to(agent).filter(pk__in=ids))
    for conversation in held:
        conversation.assignee = None
        event = fact(ConversationAssigned, conversation, actor=SYSTEM, agent_id=None)
        conversation.save(update_fields=["assignee", "seq", "customer_seq"])
        record(event)
    return len(held)
