"""Private links: a way back into one conversation for somebody without an account."""

from __future__ import annotations

from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.actions import end_link_sessions, open_session
from kefu.accounts.models import Customer
from kefu.accounts.policy import May, require
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.events import PrivateLinkMade, PrivateLinkUsed
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.private_link import PrivateLink
from kefu.conversations.verbs.counting import staff_fact
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM
from kefu.safety.tokens import new_token, token_hash


class BadLink(RuntimeError):
    """Unknown, revoked, or ended: whoever holds it learns nothing more."""


@transaction.atomic
def make_private_link(*, conversation: Conversation, viewer: CustomerViewer) -> str:
    """A new token for the customer's own conversation; only its hash is kept, so it is shown once."""
    require(viewer, May.SAY, conversation)
    return _mint(conversation.pk, viewer)


@transaction.atomic
def mint_private_link(*, conversation_id: int) -> str:
    """A new token for a letter that we send to the customer ourselves; only its hash is kept."""
    return _mint(conversation_id, None)


@transaction.atomic
def follow_private_link(*, token: str, brand_id: int) -> str:
    """A session token that opens this link's conversation and nothing else; raises BadLink."""
    links = PrivateLink.objects.select_related("conversation__customer")
    links = links.filter(token_hash=token_hash(token), conversation__brand_id=brand_id)
    link = links.first()
    if link is None:
        raise BadLink
    # The customer first, as whoever erases or merges them; then it is read again, so that a link that is revoked at this
    # moment opens nothing.
    list(Customer.objects.locked().filter(pk=link.conversation.customer_id))
    conversation = Conversation.objects.locked().get(pk=link.conversation_id)
    link = links.first()
    if link is None or link.has_ended:
        raise BadLink
    session = open_session(customer=link.conversation.customer, only_conversation_id=conversation.pk)
    _tell(PrivateLinkUsed, conversation, None, link)
    return session


@transaction.atomic
def revoke_private_links(*, conversation: Conversation, viewer: CustomerViewer) -> int:
    """End every link into this conversation, and what was opened with them; how many links there were."""
    require(viewer, May.SAY, conversation)
    Conversation.objects.locked().get(pk=conversation.pk)
    end_link_sessions(conversation_id=conversation.pk, brand_id=conversation.brand_id, by=viewer.actor)
    return PrivateLink.objects.filter(conversation=conversation, revoked_at=None).update(revoked_at=now())


def _mint(conversation_id: int, viewer: CustomerViewer | None) -> str:
    conversation = Conversation.objects.locked().get(pk=conversation_id)
    token = new_token()
    link = PrivateLink.objects.create(conversation=conversation, token_hash=token_hash(token))
    _tell(PrivateLinkMade, conversation, viewer, link)
    return token


def _tell(
    kind: type[PrivateLinkMade | PrivateLinkUsed],
    conversation: Conversation,
    viewer: CustomerViewer | None,
    link: PrivateLink,
) -> None:
    event = staff_fact(kind, conversation, actor=viewer.actor if viewer else SYSTEM, subject_id=link.pk)
    conversation.save(update_fields=["seq"])
    record(event)
