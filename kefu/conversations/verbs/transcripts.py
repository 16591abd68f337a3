"""A customer asks for a conversation to keep, by mail."""

from __future__ import annotations

from django.db import transaction

from kefu.accounts.models import Identity, Level
from kefu.accounts.policy import May, require
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.events import TranscriptAskedFor
from kefu.conversations.nouns.conversation import Conversation
from kefu.journal.actions import record
from kefu.ui.languages import Language


class NoAddress(RuntimeError):
    """The customer has proven no address, so nobody knows whose mailbox the conversation would end in."""


@transaction.atomic
def ask_for_transcript(*, viewer: CustomerViewer, conversation: Conversation, language: Language) -> None:
    """A letter with the whole conversation follows, in this language. Raises Refused, NoAddress."""
    require(viewer, May.READ_CONVERSATION, conversation)
    address = Identity.objects.mail_of(viewer.customer_id)
    if viewer.only_conversation_id is not None or address is None or address.level < Level.PROVEN:
        raise NoAddress
    record(
        TranscriptAskedFor(
            actor=viewer.actor,
            brand_id=conversation.brand_id,
            conversation_id=conversation.pk,
            subject_id=conversation.pk,
            language=language,
        )
    )
