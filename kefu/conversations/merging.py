"""What becomes of conversations when two customers turn out to be one."""

from __future__ import annotations

from kefu.accounts.models import Customer
from kefu.conversations.nouns.attachment import Attachment
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.message import Message
from kefu.conversations.nouns.participant import Participant


def move_conversations(source: Customer, into: Customer) -> None:
    """All conversations of the first are the second's, and what was sent and not yet acknowledged is still known."""
    moved = [conversation.pk for conversation in Conversation.objects.filter(customer=source).locked()]
    Conversation.objects.filter(pk__in=moved).update(customer=into)
    Participant.objects.filter(customer=source).update(customer=into)
    Message.objects.filter(sender=str(source.actor)).update(sender=str(into.actor))
    Attachment.objects.filter(uploader=str(source.actor)).update(uploader=str(into.actor))
