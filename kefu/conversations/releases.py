"""What follows when an agent leaves or may do less than before: what was theirs goes back to the queue."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from kefu.accounts.people.standing import TRUSTED_FOR
from kefu.background.tasks import enqueue
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.tasks import release_conversations
from kefu.conversations.verbs.releasing import release_if_lost
from kefu.journal.models import Entry

TRUSTED_FOR_LONGER = timedelta(seconds=TRUSTED_FOR + 15)
FOLLOWED = ("agent.left", "agent.changed", "conversation.reopened")


def follow(entry: Entry) -> None:
    """An agent may have thousands, so a task gives them back; what is resolved is looked at when it opens again."""
    if entry.kind != "conversation.reopened":
        enqueue(release_conversations, agent_id=entry.subject_id)
        # A socket trusts their standing for a moment, in which they may have taken one more.
        enqueue(release_conversations, agent_id=entry.subject_id, after=TRUSTED_FOR_LONGER)
        return
    # Resolved again, or erased, since.
    with suppress(Conversation.DoesNotExist):
        release_if_lost(conversation_id=entry.conversation_id or 0)
