"""A customer's conversations as lines to read: what it is about, whose turn it is, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kefu.conversations.models import Conversation, Turn


@dataclass(frozen=True)
class CaseRow:
    """`standing` is resolved, ours or yours: who must act. `since` is when that began."""

    ref: str
    topic: str
    icon: str
    last_line: str
    is_last_ours: bool
    standing: str
    since: datetime


def row_of(conversation: Conversation, language: str) -> CaseRow:
    standing, since = _standing(conversation)
    return CaseRow(
        ref=conversation.ref,
        topic=conversation.topic.name_in(language),
        icon=conversation.topic.icon,
        last_line=conversation.last_line,
        is_last_ours=conversation.last_by_staff,
        standing=standing,
        since=since,
    )


def _standing(conversation: Conversation) -> tuple[str, datetime]:
    if conversation.is_resolved:
        return "resolved", conversation.resolved_at or conversation.turn_since
    return ("yours" if conversation.turn == Turn.CUSTOMER else "ours"), conversation.turn_since
