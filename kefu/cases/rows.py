"""A customer's conversations as lines to read: what it is about, whose turn it is, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kefu.cases.drawing import DrawnFile, drawn_files
from kefu.conversations.models import Conversation, Rating, Turn
from kefu.conversations.transcript import in_words


@dataclass(frozen=True)
class CaseRow:
    """`standing` is resolved, ours or yours: who must act. `since` is when that began.

    `verdict` and `words` are what the customer says of the present resolution; `file` is what they gave as facts.
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
    file: DrawnFile | None = None


def rows_of(conversations: Iterable[Conversation], language: str) -> list[CaseRow]:
    """In their order; one query for all their ratings, none if none of them is resolved; one for their facts."""
    conversations = list(conversations)
    resolved = {conversation.pk: conversation.resolved_at for conversation in conversations}
    resolved = {pk: at for pk, at in resolved.items() if at is not None}
    found = Rating.objects.filter(conversation__in=resolved) if resolved else Rating.objects.none()
    ratings = {
        one.conversation_id: one for one in found if one.of_resolution == resolved[one.conversation_id]
    }
    files = drawn_files(conversations)
    return [_row_of(one, language, ratings.get(one.pk), files.get(one.pk)) for one in conversations]


def _row_of(
    conversation: Conversation, language: str, rating: Rating | None, file: DrawnFile | None
) -> CaseRow:
    standing, since = _standing(conversation)
    return CaseRow(
        ref=conversation.ref,
        topic=conversation.topic.name_in(language),
        icon=conversation.topic.icon,
        last_line=in_words(conversation.last_line),
        is_last_ours=conversation.last_by_staff,
        standing=standing,
        since=since,
        verdict=rating.verdict if rating else "",
        words=str(rating.words) if rating else "",
        file=file,
    )


def _standing(conversation: Conversation) -> tuple[str, datetime]:
    if conversation.is_resolved:
        return "resolved", conversation.resolved_at or conversation.turn_since
    return ("yours" if conversation.turn == Turn.CUSTOMER else "ours"), conversation.turn_since
