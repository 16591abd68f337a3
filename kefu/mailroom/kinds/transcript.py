"""A conversation by mail, for a customer who has proven that the mailbox is theirs."""

from __future__ import annotations

from datetime import tzinfo

from django.utils import timezone, translation
from django.utils.translation import gettext

from kefu.conversations.models import Conversation
from kefu.conversations.transcript import Line, transcript
from kefu.mailroom.models import Letter
from kefu.mailroom.words import Block, Paragraph, Said, Words
from kefu.ui.moments import written
from kefu.ui.zones import zone_called

# A longer one is a file and no letter; the page offers it as one.
MOST_LINES = 500


def write(letter: Letter) -> Words | None:
    conversations = Conversation.objects.select_related("topic", "customer", "brand")
    conversation = conversations.filter(pk=letter.conversation_id or 0).first()
    if conversation is None or conversation.customer_id != letter.customer_id:
        return None
    with translation.override(letter.language), timezone.override(_zone(conversation)):
        topic = conversation.topic.name_in(letter.language)
        return Words(
            subject=gettext("Your conversation %(ref)s") % {"ref": conversation.ref},
            heading=gettext("Your conversation about “%(topic)s”") % {"topic": topic},
            blocks=_blocks(transcript(conversation)),
        )


def _blocks(lines: list[Line]) -> list[Block]:
    blocks: list[Block] = []
    if len(lines) > MOST_LINES:
        words = gettext("Here are the last %(count)s messages; “My cases” has all of them as a file.")
        blocks.append(Paragraph(words % {"count": MOST_LINES}))
    return [*blocks, *(_said(line) for line in lines[-MOST_LINES:])]


def _said(line: Line) -> Said:
    return Said(by=line.by or gettext("You"), at=written(line.at), text=line.text)


def _zone(conversation: Conversation) -> tzinfo | None:
    """The customer's own zone, else the brand's."""
    return zone_called(conversation.customer.zone) or zone_called(conversation.brand.zone)
