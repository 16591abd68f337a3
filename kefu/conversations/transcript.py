"""A conversation to keep: what was said between the customer and us, in order, as plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, gettext_lazy

from kefu.conversations.drawing_files import files_of, shown_name
from kefu.conversations.nouns.attachment import Attachment
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.message import Message, Visibility
from kefu.safety.finders.spans import SecretKind
from kefu.safety.guard import PLACEHOLDER

KINDS = {
    SecretKind.MNEMONIC: gettext_lazy("seed phrase"),
    SecretKind.PRIVATE_KEY: gettext_lazy("private key"),
    SecretKind.EXTENDED_KEY: gettext_lazy("extended private key"),
    SecretKind.PEM: gettext_lazy("key file"),
    SecretKind.KEYSTORE: gettext_lazy("keystore"),
    SecretKind.CODE: gettext_lazy("one-time code"),
    SecretKind.PASSWORD: gettext_lazy("password"),
}


@dataclass(frozen=True)
class Line:
    """`by` is empty for the customer's own words."""

    by: str
    at: datetime
    text: str


def transcript(conversation: Conversation) -> list[Line]:
    """In the order of the thread, secrets and files only named. Notes are no part of it. Three queries."""
    said = Message.objects.filter(conversation=conversation, erased_at=None).exclude(
        visibility=Visibility.STAFF
    )
    ordered = list(said.select_related("participant__agent").order_by("occurred_at", "pk"))
    files = files_of(ordered)
    return [_line(message, files.get(message.pk, ())) for message in ordered]


def in_words(text: str) -> str:
    """What somebody wrote, with a name where the guard took something out."""
    return PLACEHOLDER.sub(_named, text)


def _line(message: Message, files: Iterable[Attachment]) -> Line:
    agent = message.participant.agent
    return Line(
        by=str(agent.name) if agent else "",
        at=message.occurred_at,
        text="\n".join([in_words(message.text), *map(_file, files)]).strip(),
    )


def _file(file: Attachment) -> str:
    words = gettext("File: %(name)s") % {"name": shown_name(file)}
    return f"[{words}]"


def _named(found: re.Match[str]) -> str:
    words = gettext("Hidden: %(kind)s") % {"kind": KINDS[SecretKind(found.group(1))]}
    return f"[{words}]"
