"""Whom a browser may be here: its own customer, and for this visit whoever followed a private link."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.models import Conversation
from kefu.conversations.querysets import ConversationQuerySet
from kefu.conversations.whose import reader_of


@dataclass(frozen=True)
class Reading:
    """A conversation, and who sees it as theirs. `is_by_link`: behind a private link, not as the browser's own customer."""

    conversation: Conversation
    viewer: CustomerViewer
    is_by_link: bool


@dataclass(frozen=True)
class Visit:
    """What a link opens is shown only when it is asked for by its ref; everything else is the own customer's."""

    own: CustomerViewer | None
    holder: CustomerViewer | None

    def reading(self, ref: str) -> Reading | None:
        reader = reader_of(ref, self.own, self.holder)
        if reader is None:
            return None
        conversation = Conversation.objects.select_related("topic").get(ref=ref)
        return Reading(conversation, reader, is_by_link=reader is self.holder)

    def last(self) -> Reading | None:
        found = self.conversations().first()
        return Reading(found, self.own, is_by_link=False) if found and self.own else None

    def conversations(self) -> ConversationQuerySet:
        """The own customer's, the last first."""
        return _last_first(self.own)

    def linked(self) -> ConversationQuerySet:
        """What the link opens, unless it is their own anyway."""
        return _last_first(self.holder).exclude(pk__in=self.conversations().values("pk"))


def visit_of(request: HttpRequest) -> Visit:
    return Visit(request.viewer, request.link_holder)  # type: ignore[attr-defined]


def _last_first(viewer: CustomerViewer | None) -> ConversationQuerySet:
    found = Conversation.objects.belonging_to(viewer) if viewer else Conversation.objects.none()
    ordered: ConversationQuerySet = found.select_related("topic").order_by("-last_message_at", "-id")
    return ordered
