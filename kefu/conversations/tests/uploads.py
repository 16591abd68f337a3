"""Sending files in tests, in one piece or several, and looking at them as the worker does."""

from __future__ import annotations

from kefu.accounts.models import Agent
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations.actions import Announced, begin_upload, receive_piece
from kefu.conversations.models import Attachment, Conversation
from kefu.conversations.tests.factories import make_client_id
from kefu.conversations.verbs.checking import look_at_file
from kefu.safety.tests.files import picture


def announce(
    conversation: Conversation,
    by: Agent | CustomerViewer,
    size: int,
    *,
    name: str = "转出记录截图.png",
    client_id: str | None = None,
) -> Attachment:
    announced = Announced(client_id=client_id or make_client_id(), name=name, size=size)
    return begin_upload(conversation=conversation, by=by, announced=announced)


def send(
    conversation: Conversation,
    by: Agent | CustomerViewer,
    content: bytes | None = None,
    *,
    name: str = "转出记录截图.png",
    piece: int = 500_000,
) -> Attachment:
    """All of it, not yet looked at."""
    content = picture() if content is None else content
    attachment = announce(conversation, by, len(content), name=name)
    for start in range(0, len(content), piece):
        attachment = receive_piece(
            attachment=attachment, by=by, offset=start, piece=content[start : start + piece]
        )
    return attachment


def send_and_check(
    conversation: Conversation,
    by: Agent | CustomerViewer,
    content: bytes | None = None,
    *,
    name: str = "转出记录截图.png",
) -> Attachment:
    attachment = send(conversation, by, content, name=name)
    look_at_file(attachment_id=attachment.pk)
    attachment.refresh_from_db()
    return attachment
