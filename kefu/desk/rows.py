"""A conversation as a row of the desk's list."""

from __future__ import annotations

from kefu.conversations.models import Conversation
from kefu.desk.shapes import Row


def draw_row(conversation: Conversation) -> Row:
    """Needs customer, topic and assignee loaded; asks nothing of the database.

    `seq` is the conversation's own: of two rows of one conversation, the one with the higher is the newer.
    """
    assignee = conversation.assignee
    return {
        "ref": conversation.ref,
        "id": conversation.pk,
        "seq": conversation.seq,
        "customer": {
            "kind": "customer",
            "id": conversation.customer_id,
            "name": str(conversation.customer.name),
        },
        "level": conversation.customer.level,
        "language": conversation.language,
        "channel": conversation.channel,
        "topic": conversation.topic.key,
        "team": conversation.team_id,
        "state": conversation.state,
        "turn": conversation.turn,
        "turn_since": conversation.turn_since.isoformat(),
        "waits_for_us": conversation.waits_for_us,
        "assignee": {"kind": "agent", "id": assignee.pk, "name": str(assignee.name)} if assignee else None,
        "last_line": str(conversation.last_line),
        "last_by_staff": conversation.last_by_staff,
        "last_at": conversation.last_message_at.isoformat(),
        "spoken_seq": conversation.spoken_seq,
        "resolved_at": conversation.resolved_at.isoformat() if conversation.resolved_at else None,
    }
