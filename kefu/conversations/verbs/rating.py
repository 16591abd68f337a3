"""What the customer says when it is done: one tap, and words if they like."""

from __future__ import annotations

from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.policy import May, require
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.events import ConversationRated, RatingExplained
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.rating import Rating, Verdict
from kefu.conversations.verbs.counting import fact
from kefu.journal.actions import record
from kefu.safety.guard import guard_again

LONGEST_WORDS = 1000


class NotResolved(RuntimeError):
    """There is nothing to rate yet, or it was opened again meanwhile."""


class WordsTooLong(ValueError):
    """More than LONGEST_WORDS characters."""


@transaction.atomic
def rate(
    *, conversation: Conversation, verdict: Verdict, words: str | None = None, by: CustomerViewer
) -> Rating:
    """Say whether the present resolution helped; `words` None leaves those of before as they are.

    Twice is harmless, and a change of mind is kept. Raises NotResolved and WordsTooLong.
    """
    require(by, May.RATE, conversation)
    # A form sends a new line as two characters, a script as one.
    typed = None if words is None else words.replace("\0", "").replace("\r\n", "\n").strip()
    if typed is not None and len(typed) > LONGEST_WORDS:
        raise WordsTooLong
    conversation = Conversation.objects.locked().get(pk=conversation.pk)
    require(by, May.RATE, conversation)
    if not conversation.is_resolved or conversation.resolved_at is None:
        raise NotResolved
    rating = Rating.objects.filter(
        conversation=conversation, of_resolution=conversation.resolved_at
    ).first() or Rating(conversation=conversation, of_resolution=conversation.resolved_at)
    guarded = guard_again(rating.words if typed is None else typed)
    is_news, are_news = verdict != rating.verdict, guarded != rating.words
    if not is_news and not are_news:
        return rating
    rating.verdict, rating.words, rating.rated_at = verdict, guarded, now()
    rating.team_id, rating.agent_id = conversation.team_id, conversation.assignee_id
    rating.save()
    if is_news:
        record(fact(ConversationRated, conversation, actor=by.actor, subject_id=rating.pk, verdict=verdict))
    if are_news:
        record(fact(RatingExplained, conversation, actor=by.actor, subject_id=rating.pk))
    conversation.save(update_fields=["seq", "customer_seq"])
    return rating
