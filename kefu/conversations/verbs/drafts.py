"""Drafts: what an agent has begun to write is kept on the server."""

from __future__ import annotations

from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, require
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.draft import Draft, DraftKind
from kefu.safety.guard import guard_again

MAY = {DraftKind.REPLY: May.REPLY, DraftKind.NOTE: May.NOTE}


@transaction.atomic
def save_draft(*, conversation: Conversation, by: Agent, kind: DraftKind, content: str) -> Draft | None:
    """Keep the latest words; empty ones end the draft."""
    # Locked, so that no draft is kept while all words of the conversation are erased.
    conversation = Conversation.objects.locked().get(pk=conversation.pk)
    require(by, MAY[kind], conversation)
    if not content.strip():
        discard_draft(conversation=conversation, by=by, kind=kind)
        return None
    draft, _ = Draft.objects.update_or_create(
        agent=by,
        conversation=conversation,
        kind=kind,
        defaults={"text": guard_again(content), "saved_at": now()},
    )
    return draft


@transaction.atomic
def discard_draft(*, conversation: Conversation, by: Agent, kind: DraftKind) -> None:
    require(by, MAY[kind], conversation)
    Draft.objects.filter(agent=by, conversation=conversation, kind=kind).delete()
