"""Whom one browser may be in a conversation: its own customer, whoever holds a private link, an agent."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest

from kefu.accounts.models import Agent
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.models import Attachment, Conversation

Who = Agent | CustomerViewer


def people(request: HttpRequest) -> Iterator[Who]:
    """Each is looked up when the one before has turned out to be the wrong one."""
    for name in ("viewer", "link_holder", "agent"):
        who = getattr(request, name)
        if who is not None:
            yield who


def conversation_of(who: Who, ref: str) -> Conversation | None:
    """The conversation, if this person sees it."""
    seen = (
        Conversation.objects.visible_to(who)
        if isinstance(who, Agent)
        else Conversation.objects.belonging_to(who)
    )
    found: Conversation | None = seen.filter(ref=ref).first()
    return found


def upload_of(request: HttpRequest, key: str) -> tuple[Attachment, Who] | None:
    """A file that somebody in this browser sends, and who of them it is."""
    attachment = Attachment.objects.select_related("conversation").filter(key=key).first()
    if attachment is None:
        return None
    for who in people(request):
        if str(who.actor) == attachment.uploader and conversation_of(who, attachment.conversation.ref):
            return attachment, who
    return None


def file_of(request: HttpRequest, key: str) -> tuple[Attachment, Who] | None:
    """A file that was said, and who in this browser may see it."""
    for who in people(request):
        files = Attachment.objects.select_related("conversation")
        seen = files.visible_to(who) if isinstance(who, Agent) else files.belonging_to(who)
        found = seen.filter(key=key).first()
        if found is not None:
            return found, who
    return None
