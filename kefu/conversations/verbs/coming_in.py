"""Somebody asks who may never have been here: they are met, and met once though they have to ask again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db import connection, transaction

from kefu.accounts.actions import Gone, claim_email, meet_visitor, open_session
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer, Level
from kefu.accounts.policy import May, require
from kefu.accounts.viewers import CustomerViewer, customer_of
from kefu.brands.models import Brand
from kefu.conversations.nouns.conversation import Conversation, Topic
from kefu.conversations.trails import Step
from kefu.conversations.verbs.opening import NotOpened, open_conversation
from kefu.safety.tokens import keyed_hash
from kefu.ui.zones import zone_called

# An answer may be lost on the way, and with it the cookie. For so long the same words with the same client id come from
# the same person.
REMEMBERED_FOR = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class FirstWords:
    """`client_id` is unique for ever; `zone` is the browser's; `email` only if somebody wants to be known by it.

    `trail` is what was read and searched before; `asked_from` is a network, for limits only.
    """

    topic: Topic
    channel: str
    client_id: str
    content: str
    language: str
    zone: str = ""
    email: str = ""
    trail: Sequence[Step] = ()
    asked_from: str = ""


@dataclass(frozen=True)
class Met:
    """`token` belongs in the visitor's cookie; None if they have one."""

    conversation: Conversation
    is_new: bool
    viewer: CustomerViewer
    token: str | None


@transaction.atomic
def meet_and_open(*, viewer: CustomerViewer | None, words: FirstWords) -> Met:
    """Open a conversation, meeting the visitor first if they are new. Twice is harmless.

    Raises NotAnAddress, and NotOpened if the client id was used for other words, or the customer is gone in this moment.
    """
    token = None
    # A private link opens its own conversation and no new one, so its holder comes in as somebody new.
    if viewer is None or viewer.only_conversation_id is not None:
        token = _come_in(words)
        viewer = customer_of({CUSTOMER_COOKIE: token})
        assert viewer is not None  # noqa: S101 - the session was made in this transaction
    require(viewer, May.START_CONVERSATION, words.topic)
    if words.email:
        _claim(viewer, words.email)
    opening = open_conversation(
        viewer=viewer,
        topic=words.topic,
        language=words.language,
        channel=words.channel,
        client_id=words.client_id,
        content=words.content,
        trail=words.trail,
        asked_from=words.asked_from,
    )
    cache.set(_memory_key(words), viewer.customer_id, REMEMBERED_FOR.total_seconds())
    return Met(opening.conversation, opening.is_new, viewer, token)


def _come_in(words: FirstWords) -> str:
    """A session's token: of who asked this a moment ago and never heard of it, else of somebody new.

    Who asks twice at the same moment is met once, since they are remembered before the transaction ends.
    Who has proven who they are is known by their own session only: the words of a question prove nothing.
    """
    brand = words.topic.brand
    _wait_for_the_same(brand, words.client_id)
    remembered = Customer.objects.filter(pk=cache.get(_memory_key(words)))
    known = remembered.living().filter(brand=brand, level__lt=Level.PROVEN).first()
    if known is not None:
        return open_session(customer=known)
    named = zone_called(words.zone)
    return meet_visitor(brand=brand, language=words.language, zone=named.key if named else "").token


def _claim(viewer: CustomerViewer, email: str) -> None:
    try:
        claim_email(customer=Customer.objects.get(pk=viewer.customer_id), email=email)
    except Gone:
        raise NotOpened from None


def _wait_for_the_same(brand: Brand, client_id: str) -> None:
    """A double click is two requests, and there is no row yet to be locked.

    On SQLite the transaction itself has waited for all others.
    """
    if connection.vendor == "postgresql":
        key = f"asked {brand.pk} {client_id}"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _memory_key(words: FirstWords) -> str:
    return f"conversations:asked:{keyed_hash(f'{words.topic.brand_id}:{words.client_id}:{words.content}')}"
