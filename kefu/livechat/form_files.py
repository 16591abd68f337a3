"""One file with a message from a page without script."""

from __future__ import annotations

from math import ceil

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from kefu.conversations.actions import (
    Announced,
    ConversationFull,
    FileGone,
    OtherFile,
    WrongPlace,
    send_whole,
)
from kefu.conversations.models import FileState
from kefu.conversations.parts import words
from kefu.conversations.upload_limits import count_begun, count_pieces
from kefu.livechat.visit import Reading
from kefu.safety.files.kinds import BadFile

PIECE = 1024 * 1024


class NotTaken(ValueError):
    """The file is refused; `words` say why to whoever sent it."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.words = words(f"file-problem-{problem}") or words("file-problem-failed")


def sent_file(reading: Reading, client_id: str, file: UploadedFile[bytes], *, address: str) -> str:
    """Its key; the same message sent again has the same file. Raises NotTaken, TooMany."""
    _count(reading, file.size or 0, address)
    announced = Announced(client_id=f"{client_id[:58]}-file", name=file.name or "", size=file.size or 0)
    try:
        attachment = send_whole(
            conversation=reading.conversation,
            by=reading.viewer,
            announced=announced,
            pieces=file.chunks(PIECE),
        )
    except BadFile as bad:
        raise NotTaken(bad.problem) from None
    except ConversationFull:
        raise NotTaken("full") from None
    except (FileGone, OtherFile, WrongPlace):
        raise NotTaken("failed") from None
    if attachment.state == FileState.REFUSED:
        raise NotTaken(attachment.problem)
    return attachment.key


def _count(reading: Reading, size: int, address: str) -> None:
    """As if a script had sent it in pieces. What is too large is refused before its first piece."""
    count_begun(by=reading.viewer, address=address)
    if size <= max(settings.LARGEST_FILE.values()):
        count_pieces(ceil(size / PIECE), by=reading.viewer, address=address)
