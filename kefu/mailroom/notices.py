"""Which letters follow from what happens: a question that we keep, an answer that nobody has seen, a code asked for."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from django.utils.timezone import now

from kefu.accounts.actions import Gone
from kefu.accounts.models import Identity, Level, OneTimeCode
from kefu.background.tasks import TryLater, enqueue, task
from kefu.brands.models import Brand
from kefu.conversations.models import Conversation, Message, Visibility
from kefu.journal.models import Entry
from kefu.mailroom import staff_notices
from kefu.mailroom.actions import post_letter
from kefu.mailroom.addresses import sender_of
from kefu.mailroom.models import UNSENT, Letter, LetterKind, LetterState
from kefu.mailroom.transports import transport
from kefu.safety.limits import Limit, TooMany, take
from kefu.waiting.state import chat_state

log = logging.getLogger("kefu.mailroom")

FOLLOWED = (
    "conversation.opened",
    "conversation.message",
    "conversation.transcript_asked_for",
    "customer.code_asked_for",
    "letter.left_open",
    *staff_notices.FOLLOWED,
)
# Who has the window open sees the answer by then, and needs no letter.
SEEN_WITHIN = timedelta(minutes=1)
# What was missed for longer than this, because no worker lived or nobody followed the journal yet, is news no more.
FRESH_FOR = timedelta(days=1)
# Whoever typed an address may have typed somebody else's, who must not drown in our letters.
UNPROVEN = Limit("mailroom.unproven", times=10, per=timedelta(days=1))
# From all who name that address together; more than one person may have it by mistake, so it is wider.
UNPROVEN_BY_ALL = Limit("mailroom.unproven_by_all", times=40, per=timedelta(days=1))


def can_announce(brand: Brand) -> bool:
    """Whether letters leave the house: there is a way out, and an address that they come from."""
    return transport() is not None and sender_of(brand) is not None


def concerns(entry: Entry) -> bool:
    """Of what is said only what our side says to the customer: most messages need no look of ours, and hold up no writer."""
    if entry.kind != "conversation.message":
        return True
    return entry.actor_kind == "agent" and entry.customer_seq is not None


def follow(entry: Entry) -> None:
    """What the journal says may be worth a letter; twice is harmless."""
    if now() - entry.occurred_at > FRESH_FOR:
        return
    if entry.kind == "conversation.opened":
        _confirm_later(entry)
    elif entry.kind == "customer.code_asked_for":
        _send_code(entry)
    elif entry.kind == "conversation.transcript_asked_for":
        _send_transcript(entry)
    elif entry.kind == "letter.left_open":
        _announce_what_followed(entry)
    elif entry.kind in staff_notices.FOLLOWED:
        staff_notices.follow(entry)
    elif concerns(entry):
        _announce_later(entry)


@task()
def confirm_question(conversation_id: int) -> None:
    """Tell the customer that we have the question, unless it is answered by now."""
    conversations = Conversation.objects.select_related("brand", "customer")
    conversation = conversations.filter(pk=conversation_id, last_by_staff=False).first()
    if conversation is not None:
        _post(conversation, LetterKind.QUESTION_KEPT, conversation.pk)


@task()
def announce_answer(message_id: int) -> None:
    """Write to the customer unless they have seen the answer, or have an unread letter about an earlier one."""
    messages = Message.objects.select_related("conversation__brand", "conversation__customer")
    message = messages.filter(pk=message_id, erased_at=None).first()
    if message is None or message.is_seen_by_customer() or _is_announced(message):
        return
    _post(message.conversation, LetterKind.ANSWER_NOTICE, message.pk)


def _confirm_later(entry: Entry) -> None:
    conversation = _conversation(entry)
    # Those of before didn't say.
    if entry.payload.get("is_unconfirmed", False):
        return
    if conversation is None or chat_state(conversation.brand, entry.occurred_at).kind == "open":
        return
    if Identity.objects.mail_of(conversation.customer_id):
        enqueue(confirm_question, conversation_id=conversation.pk)


def _send_code(entry: Entry) -> None:
    codes = OneTimeCode.objects.living().select_related("identity", "customer__brand")
    code = codes.filter(pk=entry.subject_id or 0).first()
    if code is None:
        return
    with suppress(Gone):
        post_letter(
            brand=code.customer.brand,
            kind=LetterKind.ONE_TIME_CODE,
            key=str(code.pk),
            language=code.language or code.customer.language,
            recipient=code.identity.value,
            customer=code.customer,
            subject_id=code.pk,
        )


def _send_transcript(entry: Entry) -> None:
    conversation = _conversation(entry)
    address = Identity.objects.mail_of(conversation.customer_id) if conversation else None
    if conversation is None or address is None or address.level < Level.PROVEN:
        return
    with suppress(Gone):
        post_letter(
            brand=conversation.brand,
            kind=LetterKind.TRANSCRIPT,
            key=str(entry.pk),
            # The version before this one wrote none.
            language=entry.payload.get("language", conversation.language),
            recipient=address.value,
            customer=conversation.customer,
            conversation_id=conversation.pk,
            subject_id=conversation.pk,
        )


def _announce_later(entry: Entry) -> None:
    conversation = _conversation(entry)
    if conversation and Identity.objects.mail_of(conversation.customer_id):
        enqueue(announce_answer, after=SEEN_WITHIN, message_id=entry.subject_id)


def _announce_what_followed(entry: Entry) -> None:
    """An answer that came while this letter was under way has none of its own, and the letter may be lost."""
    letter = Letter.objects.filter(pk=entry.subject_id or 0, kind=LetterKind.ANSWER_NOTICE).first()
    if letter is None:
        return
    later = Message.objects.filter(
        conversation_id=letter.conversation_id or 0,
        participant__agent__isnull=False,
        pk__gt=letter.subject_id or 0,
    )
    last = later.exclude(visibility=Visibility.STAFF).order_by("-pk").first()
    if last is not None:
        enqueue(announce_answer, message_id=last.pk)


def _conversation(entry: Entry) -> Conversation | None:
    conversations = Conversation.objects.select_related("brand", "customer")
    found: Conversation | None = conversations.filter(pk=entry.conversation_id or 0).first()
    return found


def _post(conversation: Conversation, kind: LetterKind, subject_id: int) -> None:
    address = Identity.objects.mail_of(conversation.customer_id)
    if address is None or not can_announce(conversation.brand):
        return
    if address.level < Level.PROVEN:
        _take_turn(address)
    with suppress(Gone):
        post_letter(
            brand=conversation.brand,
            kind=kind,
            key=str(subject_id),
            language=conversation.language,
            recipient=address.value,
            customer=conversation.customer,
            conversation_id=conversation.pk,
            subject_id=subject_id,
        )


def _take_turn(address: Identity) -> None:
    """Raises TryLater when an address that nobody has proven got enough letters for a while."""
    try:
        take(UNPROVEN, f"{address.value_hash}:{address.customer_id}")
        take(UNPROVEN_BY_ALL, address.value_hash)
    except TooMany as refusal:
        log.warning("letter_waits", extra={"conversation_customer": address.customer_id})
        raise TryLater(refusal.retry_after) from None


def _is_announced(message: Message) -> bool:
    """Whether a letter about this conversation went out that the customer has not followed yet."""
    letters = Letter.objects.filter(conversation_id=message.conversation_id, kind=LetterKind.ANSWER_NOTICE)
    # About one that may be lost another answer is reason enough to write.
    last = letters.exclude(state__in=(*UNSENT, LetterState.LEFT_OPEN)).order_by("-pk").first()
    announced = Message.objects.filter(pk=last.subject_id or 0).first() if last else None
    return announced is not None and announced != message and not announced.is_seen_by_customer()
