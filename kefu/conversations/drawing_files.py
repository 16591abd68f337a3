"""The files of messages as both sides see them: a name, a size, and whether they are ready."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kefu.conversations.nouns.attachment import Attachment, FileState
from kefu.conversations.nouns.message import Message
from kefu.conversations.shapes import File
from kefu.safety.files.kinds import EXTENSIONS
from kefu.safety.files.names import true_name
from kefu.safety.guard import PLACEHOLDER


def files_of(messages: Iterable[Message]) -> dict[int, list[Attachment]]:
    """By message. One query, and none if no message has any."""
    carriers = [message.pk for message in messages if message.file_count and not message.erased_at]
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    if carriers:
        for attachment in Attachment.objects.filter(message_id__in=carriers).order_by("place", "pk"):
            found[attachment.message_id or 0].append(attachment)
    return found


def draw_file(attachment: Attachment) -> File:
    """`state` is checking, ready or refused; only a ready one can be fetched."""
    is_refused = attachment.state == FileState.REFUSED
    return {
        "key": attachment.key,
        "name": shown_name(attachment),
        "kind": attachment.kind,
        "size": attachment.size,
        "width": attachment.width,
        "height": attachment.height,
        "state": attachment.state,
        "problem": attachment.problem if is_refused else None,
    }


def shown_name(attachment: Attachment) -> str:
    """Where the guard took something out of a name there are dots; its ending fits what the file is."""
    name = PLACEHOLDER.sub("…", attachment.name)
    return true_name(name, attachment.content_type) if attachment.content_type in EXTENSIONS else name
