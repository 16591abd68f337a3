"""Which of two people a browser is in a conversation: its own customer, or whoever came by a private link."""

from __future__ import annotations

from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.nouns.conversation import Conversation


def reader_of(ref: str, *viewers: CustomerViewer | None) -> CustomerViewer | None:
    """The first of these to whom this conversation belongs; a query for each."""
    for viewer in viewers:
        if viewer and Conversation.objects.belonging_to(viewer).filter(ref=ref).exists():
            return viewer
    return None
