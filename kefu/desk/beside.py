"""L5: articles beside the reply, found as staff find them, what can be read in the customer's language first."""

from __future__ import annotations

from collections.abc import Sequence

from kefu.conversations.models import Conversation, Message
from kefu.conversations.nouns.message import Visibility
from kefu.helpcentre.models import Translation
from kefu.helpcentre.searchable import NAME
from kefu.safety.guard import PLACEHOLDER
from kefu.search.find import find
from kefu.search.query import LONGEST_QUERY
from kefu.search.registry import STAFF

MOST = 8
LAST_SAID = 3


def articles_for(conversation: Conversation, words: str) -> list[Translation]:
    """The best for these words; without any, for what the customer said last, and for the topic."""
    queries = [words] if words else [_last_said(conversation), _topic(conversation)]
    found: dict[int, Translation] = {}
    for query in queries:
        for one in _found(conversation, query):
            found.setdefault(one.article_id, one)
    return list(found.values())[:MOST]


def _found(conversation: Conversation, query: str) -> Sequence[Translation]:
    hits = find(
        query,
        brand=conversation.brand,
        language=conversation.customer.language,
        audience=STAFF,
        limit=MOST,
        only=[NAME],
    )
    if not hits:
        return []
    shown = Translation.objects.shown().listed().select_related("article")
    rows = shown.filter(article__brand=conversation.brand_id, article__in=[hit.object_id for hit in hits])
    known = {(one.article_id, one.language): one for one in rows}
    return [known[key] for hit in hits if (key := (hit.object_id, hit.language)) in known]


def _last_said(conversation: Conversation) -> str:
    """The newest first, because a query has an end; where a secret stood there is nothing to look for."""
    said = Message.objects.filter(
        conversation=conversation,
        visibility=Visibility.CUSTOMER,
        participant__customer__isnull=False,
        erased_at=None,
    ).order_by("-occurred_at", "-pk")
    texts = [PLACEHOLDER.sub(" ", text) for text in said.values_list("text", flat=True)[:LAST_SAID]]
    return " ".join(" ".join(texts).split())[:LONGEST_QUERY]


def _topic(conversation: Conversation) -> str:
    return conversation.topic.name_in(conversation.customer.language)
