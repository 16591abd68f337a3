"""A customer's conversations as lines to read: what it is about, whose turn it is, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kefu.conversations.models import Conversation, Rating, Turn


@dataclass(frozen=True)
class CaseRow:
    """`standing` is resolved, ours or yours: who must act. `since` is when that began.

    `verdict` and `words` are what the customer says of the present resolution.
    """

    ref: str
    topic: str
    icon: str
    last_line: str
    is_last_ours: bool
    standing: str
    since: datetime
    verdict: str = ""
    words: str = ""


def rows_of(conversations: Iterable[Conversation], language: str) -> list[CaseRow]:
    """In their order; one query for all their ratings, none if none of them is resolved."""
    conversations = list(conversations)
    resolved = {conversation.pk: conversation.resolved_at for conversation in conversations}
    resolved = {pk: at for pk, at in resolved.items() if at is not None}
    found = Rating.objects.filter(conversation__in=resolved) if resolved else Rating.objects.none()
    ratings = {
        one.conversation_id: one for one in found if one.of_resolution == resolved[one.conversation_id]
    }
    return [_row_of(one, language, ratings.get(one.pk)) for one in conversations]


def _row_of(conversation: Conversation, language: str, rating: Rating | None) -> CaseRow:
    standing, since = _standing(conversation)
    return CaseRow(
        ref=conversation.ref,
        topic=conversation.topic.name_in(language),
        icon=conversation.topic.icon,
        last_line=conversation.last_line,
        is_last_ours=conversation.last_by_staff,
        standing=standing,
        since=since,
        verdict=rating.verdict if rating else "",
        words=str(rating.words) if rating else "",
    )


def _standing(conversation: Conversation) -> tuple[str, datetime]:
    if conversation.is_resolved:
        return "resolved", conversation.resolved_at or conversation.turn_since
    return ("yours" if conversation.turn == Turn.CUSTOMER else "ours"), conversation.turn_since
