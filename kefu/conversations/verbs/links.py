"""Private links: a way back into one conversation for somebody without an account."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.actions import end_link_sessions, open_session
from kefu.accounts.models import SESSION_FOR, Customer, Identity, IdentityKind, Level
from kefu.accounts.policy import May, require
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.events import PrivateLinkMade, PrivateLinkUsed
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.private_link import PrivateLink
from kefu.conversations.verbs.counting import staff_fact
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM
from kefu.safety.tokens import keyed_hash, new_token, token_hash


class BadLink(RuntimeError):
    """Unknown, revoked, or ended: whoever holds it learns nothing more."""


@transaction.atomic
def make_private_link(*, conversation: Conversation, viewer: CustomerViewer) -> str:
    """A new token for the customer's own conversation; only its hash is kept, so it is shown once."""
    require(viewer, May.SAY, conversation)
    conversation = Conversation.objects.locked().get(pk=conversation.pk)
    # It may have become another customer's, of whom this viewer is only a guest.
    require(viewer, May.SAY, conversation)
    return _mint(conversation, viewer)


@transaction.atomic
def mint_private_link(*, conversation_id: int, address: str) -> str | None:
    """A new token for a letter of ours to this address; only its hash is kept.

    None if letters about the conversation don't go there any more: its customer has become known, and not by this address.
    """
    conversation = Conversation.objects.locked().get(pk=conversation_id)
    address_hash = keyed_hash(address)
    return _mint(conversation, None, address_hash) if _is_written_to(conversation, address_hash) else None


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
    session = open_session(
        customer=link.conversation.customer, only_conversation_id=conversation.pk, lasts=_lasts(link)
    )
    _tell(PrivateLinkUsed, conversation, None, link)
    return session


@transaction.atomic
def revoke_private_links(*, conversation: Conversation, viewer: CustomerViewer) -> int:
    """End every link into this conversation, and what was opened with them; how many links there were."""
    require(viewer, May.SAY, conversation)
    conversation = Conversation.objects.locked().get(pk=conversation.pk)
    require(viewer, May.SAY, conversation)
    end_link_sessions(conversation_id=conversation.pk, brand_id=conversation.brand_id, by=viewer.actor)
    return PrivateLink.objects.filter(conversation=conversation, revoked_at=None).update(revoked_at=now())


def _lasts(link: PrivateLink) -> timedelta:
    """What a link has opened is closed again when the link ends."""
    return min(SESSION_FOR, link.ends_at - now()) if link.ends_at is not None else SESSION_FOR


def _is_written_to(conversation: Conversation, address_hash: str) -> bool:
    """Whether it is an address of the customer; once they have proven one, a proven one."""
    addresses = Identity.objects.filter(customer=conversation.customer_id, kind=IdentityKind.EMAIL)
    levels = dict(addresses.values_list("value_hash", "level"))
    level = levels.get(address_hash)
    return level is not None and (level >= Level.PROVEN or max(levels.values()) < Level.PROVEN)


def _mint(conversation: Conversation, viewer: CustomerViewer | None, address_hash: str = "") -> str:
    token = new_token()
    link = PrivateLink.objects.create(
        conversation=conversation, token_hash=token_hash(token), address_hash=address_hash
    )
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
