"""Letters to a customer about a conversation. They hold a private link and not a word of what was said."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext

from kefu.conversations.actions import mint_private_link
from kefu.conversations.models import Conversation, Message
from kefu.mailroom.addresses import address_of
from kefu.mailroom.models import Letter
from kefu.mailroom.words import Button, Paragraph, Words
from kefu.ui.seams import fill_in


def question_kept(letter: Letter) -> Words | None:
    """Said when nobody was there to answer at once; nothing where an answer was quicker than the letter."""
    conversation = _conversation(letter)
    if conversation is not None and (conversation.last_by_staff or conversation.is_resolved):
        return None
    link = _link_into(conversation, letter)
    if conversation is None or link is None:
        return None
    with translation.override(letter.language):
        return Words(
            subject=gettext("We have your question (%(ref)s)") % {"ref": conversation.ref},
            heading=gettext("We have your question"),
            blocks=[
                Paragraph(
                    fill_in(
                        gettext(
                            "You asked %(brand)s about “%(topic)s” when nobody could answer at once. Your question is kept"
                            " under the number %(ref)s, and we write to you when it is answered."
                        ),
                        _facts(letter, conversation),
                    )
                ),
                Button(gettext("See your question"), link),
                *_closing(),
            ],
        )


def answer_notice(letter: Letter) -> Words | None:
    """Nothing to say any more to somebody who has seen the answer by now."""
    conversation = _conversation(letter)
    message = Message.objects.filter(pk=letter.subject_id or 0, erased_at=None).first()
    if message is None or message.is_seen_by_customer():
        return None
    link = _link_into(conversation, letter)
    if conversation is None or link is None:
        return None
    with translation.override(letter.language):
        return Words(
            subject=gettext("Your question is answered (%(ref)s)") % {"ref": conversation.ref},
            heading=gettext("Your question is answered"),
            blocks=[
                Paragraph(
                    fill_in(
                        gettext("%(brand)s has answered your question about “%(topic)s”, number %(ref)s."),
                        _facts(letter, conversation),
                    )
                ),
                Button(gettext("Read the answer"), link),
                *_closing(),
            ],
        )


def _conversation(letter: Letter) -> Conversation | None:
    conversation: Conversation | None = (
        Conversation.objects.select_related("topic").filter(pk=letter.conversation_id or 0).first()
    )
    return conversation


def _facts(letter: Letter, conversation: Conversation) -> dict[str, str]:
    topic = conversation.topic.name_in(letter.language)
    return {"brand": letter.brand.name, "topic": topic, "ref": conversation.ref}


def _link_into(conversation: Conversation | None, letter: Letter) -> str | None:
    """None if the letter would go where the customer is not: to what a guest typed before we knew them by another address."""
    if conversation is None:
        return None
    token = mint_private_link(conversation_id=conversation.pk, address=letter.recipient)
    return token and address_of(letter.brand, "livechat:link", token, language=letter.language)


def _closing() -> list[Paragraph]:
    return [
        Paragraph(
            gettext(
                "The link opens this one conversation, to read and to answer. Whoever has it can do the same, so don't pass"
                " it on. A reply to this mail does not reach the conversation."
            ),
            is_small=True,
        ),
        Paragraph(
            gettext(
                "You did not ask us anything? Then somebody mistyped an address. Delete this mail; more may come"
                " when there are new answers."
            ),
            is_small=True,
        ),
    ]
