"""What conversations hold of a customer: handed out whole, and on their wish emptied of every word."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from kefu.accounts.privacy import Customers, Extract, KeptFile, PrivacyPart
from kefu.conversations import filestore, trails
from kefu.conversations.drawing_files import shown_name
from kefu.conversations.events import ConversationErased
from kefu.conversations.fresh import fresh
from kefu.conversations.nouns.attachment import Attachment, FileState
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.draft import Draft
from kefu.conversations.nouns.message import Message, Visibility
from kefu.conversations.nouns.participant import Participant
from kefu.conversations.nouns.private_link import PrivateLink
from kefu.conversations.nouns.rating import Rating
from kefu.conversations.nouns.trail_step import TrailStep
from kefu.conversations.verbs.counting import fact
from kefu.journal.actions import record_all
from kefu.journal.actor import SYSTEM, ActorKind
from kefu.safety.guard import guard

NOTHING = guard("")


def export(customers: Customers, extract: Extract) -> None:
    conversations = Conversation.objects.filter(customer__in=customers).select_related("topic").order_by("pk")
    extract.own["conversations"] = [_conversation(one) for one in conversations]
    noted = Message.objects.filter(conversation__in=conversations, visibility=Visibility.STAFF)
    if notes := [_message(one) for one in _in_order(noted)]:
        extract.internal["notes"] = notes
    ready = Attachment.objects.filter(conversation__in=conversations, state=FileState.READY)
    for one in ready.select_related("message").order_by("pk"):
        kept = KeptFile(shown_name(one).replace("/", "_"), partial(filestore.open_kept, one.key))
        (extract.internal_files if _is_internal(one) else extract.files).append(kept)


def _is_internal(attachment: Attachment) -> bool:
    """In a note, or put ready by staff and never said."""
    if attachment.message is None:
        return attachment.uploader.startswith(ActorKind.AGENT)
    return attachment.message.visibility == Visibility.STAFF


def _conversation(conversation: Conversation) -> dict[str, Any]:
    said = conversation.messages.exclude(visibility=Visibility.STAFF)
    ratings = conversation.ratings.order_by("pk")
    return {
        "ref": conversation.ref,
        "topic": conversation.topic.key,
        "language": conversation.language,
        "opened_at": conversation.opened_at,
        "resolved_at": conversation.resolved_at,
        "read_before": [
            {"kind": one.kind, "title": one.title}
            for one in trails.drawn(conversation.trail.all(), conversation.language)
        ],
        "messages": [_message(one) for one in _in_order(said)],
        "ratings": [{"at": one.rated_at, "verdict": one.verdict, "words": str(one.words)} for one in ratings],
    }


def _in_order(messages: Any) -> Any:
    return messages.select_related("participant__agent", "conversation").order_by("occurred_at", "pk")


def _message(message: Message) -> dict[str, Any]:
    agent = message.participant.agent
    return {
        "conversation": message.conversation.ref,
        "at": message.occurred_at,
        "by": str(agent.name) if agent else "customer",
        "text": str(message.text),
        "files": [shown_name(one) for one in message.attachments.order_by("place", "pk")]
        if message.file_count
        else [],
    } | _elsewhere(message)


def _elsewhere(message: Message) -> dict[str, str]:
    """By what the network that it came or went over knows it: with this its sender can ask for it there."""
    if message.external_id is None:
        return {}
    return {"channel_account": message.channel_account, "external_id": message.external_id}


def erase(customers: Customers) -> list[Callable[[], None]]:
    """Rows stay, for the figures that count them; not a word in them does. Open pages hear of it."""
    conversations = list(Conversation.objects.locked().filter(customer__in=customers))
    at = now()
    own = Q(conversation__in=conversations)
    transaction.on_commit(fresh.clear)
    PrivateLink.objects.filter(own).delete()
    Draft.objects.filter(own).delete()
    TrailStep.objects.filter(own).delete()
    Rating.objects.filter(own).update(words=NOTHING)
    keys = list(Attachment.objects.filter(own).values_list("key", flat=True))
    Attachment.objects.filter(own).delete()
    Message.objects.filter(own).update(
        text=NOTHING,
        secrets=[],
        content_hash="",
        channel_account="",
        external_id=None,
        file_count=0,
        erased_at=at,
    )
    for conversation in conversations:
        conversation.last_line, conversation.erased_at = NOTHING, conversation.erased_at or at
    events = [fact(ConversationErased, conversation, actor=SYSTEM) for conversation in conversations]
    Conversation.objects.bulk_update(conversations, ["last_line", "erased_at", "seq", "customer_seq"])
    record_all(events)
    return [partial(filestore.forget, key) for key in keys]


PART = PrivacyPart(
    (Conversation, Message, Participant, PrivateLink, Draft, Rating, Attachment, TrailStep), export, erase
)
