"""How far somebody has a conversation, and has seen it: many at once, forwards only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, allows
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.events import CursorMoved
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.message import Message
from kefu.conversations.nouns.participant import Participant
from kefu.conversations.verbs.counting import fact, staff_fact
from kefu.journal.actions import record_all
from kefu.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """`delivered` and `seen` are in the mover's own counting: seq for staff, customer_seq for the customer."""

    conversation_id: int
    by: Agent | CustomerViewer
    delivered: int
    seen: int


@transaction.atomic
def move_cursor(cursors: Sequence[Cursor]) -> int:
    """Move what moves forward; how many did. Only what the other side said is worth a new fact."""
    ids = {cursor.conversation_id for cursor in cursors}
    conversations = {c.pk: c for c in Conversation.objects.locked().filter(pk__in=ids)}
    events = [
        event for cursor in cursors for event in _move(cursor, conversations.get(cursor.conversation_id))
    ]
    if events:
        changed = {event.conversation_id for event in events}
        Conversation.objects.bulk_update(
            [c for pk, c in conversations.items() if pk in changed], ["seq", "customer_seq"]
        )
        record_all(events)
    return len(events)


def _move(cursor: Cursor, conversation: Conversation | None) -> list[Event]:
    if conversation is None or not _may_see(cursor.by, conversation):
        return []
    customer = isinstance(cursor.by, CustomerViewer)
    most = conversation.customer_seq if customer else conversation.seq
    delivered, seen = min(max(cursor.delivered, cursor.seen), most), min(cursor.seen, most)
    participant = _participant(cursor.by, conversation)
    before = (participant.delivered_seq, participant.seen_seq)
    participant.delivered_seq = max(participant.delivered_seq, delivered)
    participant.seen_seq = max(participant.seen_seq, seen)
    if before == (participant.delivered_seq, participant.seen_seq):
        return []
    participant.save()
    if not _tells_something(
        cursor.by, conversation, before[1] if seen > before[1] else before[0], max(delivered, seen)
    ):
        return []
    return [_moved(cursor.by, conversation, participant)]


def _may_see(by: Agent | CustomerViewer, conversation: Conversation) -> bool:
    # A look by those who only read stays their own: the customer is told "seen" by who may answer.
    return allows(by, May.SAY if isinstance(by, CustomerViewer) else May.REPLY, conversation)


def _participant(by: Agent | CustomerViewer, conversation: Conversation) -> Participant:
    who = {"customer_id": by.customer_id} if isinstance(by, CustomerViewer) else {"agent_id": by.pk}
    found = Participant.objects.filter(conversation=conversation, **who).first()
    return found or Participant(conversation=conversation, **who)


def _tells_something(by: Agent | CustomerViewer, conversation: Conversation, after: int, to: int) -> bool:
    """Whether the other side said anything in between; else the move is kept and nobody is told."""
    place = "customer_seq" if isinstance(by, CustomerViewer) else "seq"
    said = Message.objects.filter(conversation=conversation, **{f"{place}__gt": after, f"{place}__lte": to})
    own = {"participant__customer__isnull": not isinstance(by, CustomerViewer)}
    return said.exclude(visibility="staff").exclude(**own).exists()


def _moved(by: Agent | CustomerViewer, conversation: Conversation, participant: Participant) -> Event:
    customer = isinstance(by, CustomerViewer)
    delivered, seen = participant.delivered_seq, participant.seen_seq
    other = {
        "delivered": counted_for(conversation.pk, delivered, customer=customer),
        "seen": counted_for(conversation.pk, seen, customer=customer),
    }
    # The customer learns that staff saw; staff learn it of the customer and of each other.
    kind = staff_fact if customer else fact
    if customer:
        values = {
            "delivered": other["delivered"],
            "seen": other["seen"],
            "customer_delivered": delivered,
            "customer_seen": seen,
        }
    else:
        values = {
            "delivered": delivered,
            "seen": seen,
            "customer_delivered": other["delivered"],
            "customer_seen": other["seen"],
        }
    return kind(CursorMoved, conversation, actor=by.actor, **values)


def counted_for(conversation_id: int, place: int, *, customer: bool) -> int:
    """A place in one audience's counting as the place of the same message in the other's; 0 before any."""
    mine, theirs = ("customer_seq", "seq") if customer else ("seq", "customer_seq")
    said = Message.objects.filter(
        conversation_id=conversation_id, customer_seq__isnull=False, **{f"{mine}__lte": place}
    )
    return said.order_by("-seq").values_list(theirs, flat=True).first() or 0
