"""What a customer does from the window: ask a first question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db import transaction

from kefu.accounts.actions import Gone, claim_email, meet_visitor, open_session
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer, Level
from kefu.accounts.policy import May, require
from kefu.accounts.viewers import CustomerViewer, customer_of
from kefu.brands.models import Brand
from kefu.conversations.actions import NotOpened, open_conversation
from kefu.conversations.models import Conversation, Topic
from kefu.livechat.channel import KEY
from kefu.livechat.questions import BadQuestion, Question
from kefu.safety.addresses import NotAnAddress
from kefu.safety.tokens import keyed_hash
from kefu.ui.zones import zone_called

# An answer may be lost on the way, and with it the cookie. For so long the same words with the same client id come from
# the same person.
REMEMBERED_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Asked:
    """`token` belongs in the visitor's cookie; None if they have one."""

    conversation: Conversation
    viewer: CustomerViewer
    token: str | None


@transaction.atomic
def ask(*, brand: Brand, viewer: CustomerViewer | None, question: Question, language: str) -> Asked:
    """Open a conversation, meeting the visitor first if they are new. Twice is harmless. Raises BadQuestion."""
    topic = Topic.objects.offered(brand).select_related("brand").filter(key=question.topic).first()
    if topic is None:
        raise BadQuestion("topic")
    token = None
    # A private link opens its own conversation and no new one, so its holder comes in as somebody new.
    if viewer is None or viewer.only_conversation_id is not None:
        token = _come_in(brand, question, language)
        viewer = customer_of({CUSTOMER_COOKIE: token})
        assert viewer is not None  # noqa: S101 - the session was made in this transaction
    require(viewer, May.START_CONVERSATION, topic)
    if question.email:
        _claim(viewer, question.email)
    try:
        opening = open_conversation(
            viewer=viewer,
            topic=topic,
            language=language,
            channel=KEY,
            client_id=question.client_id,
            content=question.text,
        )
    except NotOpened:
        raise BadQuestion("conflict") from None
    cache.set(_memory_key(brand, question), viewer.customer_id, REMEMBERED_FOR.total_seconds())
    return Asked(opening.conversation, viewer, token)


def _come_in(brand: Brand, question: Question, language: str) -> str:
    """A session's token: of who asked this a moment ago and never heard of it, else of somebody new.

    Who has proven who they are is known by their own session only: the words of a question prove nothing.
    """
    remembered = Customer.objects.filter(pk=cache.get(_memory_key(brand, question)))
    known = remembered.living().filter(brand=brand, level__lt=Level.PROVEN).first()
    if known is not None:
        return open_session(customer=known)
    zone = zone_called(question.zone)
    return meet_visitor(brand=brand, language=language, zone=zone.key if zone else "").token


def _memory_key(brand: Brand, question: Question) -> str:
    return f"livechat:asked:{keyed_hash(f'{brand.pk}:{question.client_id}:{question.text}')}"


def _claim(viewer: CustomerViewer, email: str) -> None:
    try:
        claim_email(customer=Customer.objects.get(pk=viewer.customer_id), email=email)
    except NotAnAddress:
        raise BadQuestion("email") from None
    except Gone:
        raise BadQuestion("conflict") from None
