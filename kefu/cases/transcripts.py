"""A conversation as a text file, in the reader's language and zone."""

from __future__ import annotations

from django.utils.translation import gettext

from kefu.conversations.models import Conversation
from kefu.conversations.transcript import transcript
from kefu.ui.moments import written
from kefu.ui.seams import fill_in


def as_text(conversation: Conversation, language: str) -> str:
    facts = {
        "ref": conversation.ref,
        "brand": conversation.brand.name,
        "topic": conversation.topic.name_in(language),
    }
    head = fill_in(gettext("Conversation %(ref)s with %(brand)s about “%(topic)s”"), facts)
    said = [
        f"[{written(line.at)}] {line.by or gettext('You')}\n{line.text}" for line in transcript(conversation)
    ]
    return "\n\n".join([head, *said]) + "\n"
