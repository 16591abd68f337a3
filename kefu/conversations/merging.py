"""What becomes of conversations when a guest becomes known, or two customers turn out to be one."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.models import Customer
from kefu.conversations.fresh import fresh
from kefu.conversations.nouns.attachment import Attachment
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.message import Message
from kefu.conversations.nouns.participant import Participant
from kefu.conversations.nouns.private_link import PrivateLink


def end_private_links(guest: Customer, proven: Collection[str]) -> None:
    """All links into the guest's conversations, but those that were sent to an address with one of these hashes."""
    locked = [conversation.pk for conversation in Conversation.objects.filter(customer=guest).locked()]
    links = PrivateLink.objects.filter(conversation__in=locked, revoked_at=None)
    links.exclude(address_hash__in=proven).update(revoked_at=now())


def move_conversations(source: Customer, into: Customer) -> None:
    """All conversations of the first are the second's, and what was sent and not yet acknowledged is still known."""
    # What was said a moment ago is told as the second's, too.
    transaction.on_commit(fresh.clear)
    moved = [conversation.pk for conversation in Conversation.objects.filter(customer=source).locked()]
    Conversation.objects.filter(pk__in=moved).update(customer=into)
    Participant.objects.filter(customer=source).update(customer=into)
    Message.objects.filter(sender=str(source.actor)).update(sender=str(into.actor))
    Attachment.objects.filter(uploader=str(source.actor)).update(uploader=str(into.actor))
