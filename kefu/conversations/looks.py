"""Looking in from above: whoever reads a conversation without having to answer it leaves an entry, by page or by socket."""

from __future__ import annotations

from typing import Any

from kefu.accounts.models import Agent, Role
from kefu.conversations.nouns.conversation import Conversation
from kefu.journal.looks import record_look

LOOKERS = frozenset({Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR})


def note_look(viewer: Any, conversation: Conversation) -> None:
    """One entry for each viewer, conversation and quarter of an hour; none for customers and for those who answer."""
    if isinstance(viewer, Agent) and viewer.role in LOOKERS:
        record_look(viewer=viewer.actor, conversation_id=conversation.pk, brand_id=conversation.brand_id)
