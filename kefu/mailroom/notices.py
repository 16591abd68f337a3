"""Which letters follow from what happens: a question that we keep, an answer that nobody has seen, a code asked for."""

from __future__ import annotations

from datetime import timedelta

from kefu.accounts.models import Identity, Level, OneTimeCode
from kefu.background.tasks import enqueue, task
from kefu.brands.models import Brand
from kefu.conversations.models import Conversation, Message
from kefu.journal.models import Entry
from kefu.mailroom.actions import post_letter
from kefu.mailroom.addresses import sender_of
from kefu.mailroom.models import NEVER_LEFT, Letter, LetterKind
from kefu.mailroom.transports import transport
from kefu.safety.limits import Limit, TooMany, take
from kefu.waiting.state import chat_state

FOLLOWED = ("conversation.opened", "conversation.message", "customer.code_asked_for")
# Who has the window open sees the answer by then, and needs no letter.
SEEN_WITHIN = timedelta(minutes=1)
# Whoever typed an address may have typed somebody else's, who must not drown in our letters.
UNPROVEN = Limit("mailroom.unproven", times=10, per=timedelta(days=1))


def can_announce(brand: Brand) -> bool:
    """Whether letters leave the house: there is a way out, and an address that they come from."""
    return transport() is not None and sender_of(brand) is not None


def follow(entry: Entry) -> None:
    """What the journal says may be worth a letter; twice is harmless."""
    if entry.kind == "conversation.opened":
        _confirm_question(entry)
    elif entry.kind == "customer.code_asked_for":
        _send_code(entry)
    elif entry.actor_kind == "agent" and entry.customer_seq is not None:
        _announce_later(entry)


@task()
def announce_answer(message_id: int) -> None:
    """Write to the customer unless they have seen the answer, or have an unread letter about an earlier one."""
    messages = Message.objects.select_related("conversation__brand", "conversation__customer")
    message = messages.filter(pk=message_id, erased_at=None).first()
    if message is None or message.is_seen_by_customer() or _is_announced(message):
        return
    _post(message.conversation, LetterKind.ANSWER_NOTICE, message.pk)


def _confirm_question(entry: Entry) -> None:
    conversation = _conversation(entry)
    if conversation is None or chat_state(conversation.brand, entry.occurred_at).kind == "open":
        return
    _post(conversation, LetterKind.QUESTION_KEPT, conversation.pk)


def _send_code(entry: Entry) -> None:
    codes = OneTimeCode.objects.living().select_related("identity", "customer__brand")
    code = codes.filter(pk=entry.subject_id or 0).first()
    if code is None:
        return
    post_letter(
        brand=code.customer.brand,
        kind=LetterKind.ONE_TIME_CODE,
        key=str(code.pk),
        language=code.customer.language,
        recipient=code.identity.value,
        customer=code.customer,
        subject_id=code.pk,
    )


def _announce_later(entry: Entry) -> None:
    conversation = _conversation(entry)
    if conversation and Identity.objects.mail_of(conversation.customer_id):
        enqueue(announce_answer, after=SEEN_WITHIN, message_id=entry.subject_id)


def _conversation(entry: Entry) -> Conversation | None:
    conversations = Conversation.objects.select_related("brand", "customer")
    found: Conversation | None = conversations.filter(pk=entry.conversation_id or 0).first()
    return found


def _post(conversation: Conversation, kind: LetterKind, subject_id: int) -> None:
    address = Identity.objects.mail_of(conversation.customer_id)
    if address is None or not can_announce(conversation.brand):
        return
    if address.level < Level.PROVEN and not _may_write_to(address):
        return
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


def _may_write_to(address: Identity) -> bool:
    try:
        take(UNPROVEN, address.value_hash)
    except TooMany:
        return False
    return True


def _is_announced(message: Message) -> bool:
    """Whether a letter about this conversation went out that the customer has not followed yet."""
    letters = Letter.objects.filter(conversation_id=message.conversation_id, kind=LetterKind.ANSWER_NOTICE)
    last = letters.exclude(state__in=NEVER_LEFT).order_by("-pk").first()
    announced = Message.objects.filter(pk=last.subject_id or 0).first() if last else None
    return announced is not None and announced != message and not announced.is_seen_by_customer()
