"""Looking at a file that has come in: reading it to its end, writing it anew, asking the scanner. In the worker only."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F

from kefu.conversations import filestore
from kefu.conversations.events import FileChecked
from kefu.conversations.nouns.attachment import Attachment, FileState
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.nouns.message import Visibility
from kefu.conversations.verbs.counting import fact, staff_fact
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM
from kefu.safety.files.kinds import BadFile, FileKind, Problem
from kefu.safety.files.pictures import clean_picture
from kefu.safety.files.scanning import ScannerDown
from kefu.safety.files.sniffing import readings_of
from kefu.safety.files.videos import clean_video
from kefu.safety.guard import guard

# A file that kills the worker each time is broken enough.
MOST_CHECKS = 3
WITH_BOXES = {"video/mp4", "video/quicktime"}


@dataclass(frozen=True)
class Kept:
    """What we keep of a file; `content_type` may differ from what came, as a GIF becomes a PNG."""

    content_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None


def look_at_file(*, attachment_id: int) -> None:
    """Make it ready, or refuse it; again is harmless. Raises ScannerDown while the scanner that is set does not answer."""
    attachment = Attachment.objects.filter(pk=attachment_id, state=FileState.CHECKING).first()
    if attachment is None:
        return
    Attachment.objects.filter(pk=attachment_id).update(checks=F("checks") + 1)
    try:
        kept: Kept | Problem = _look(attachment) if attachment.checks < MOST_CHECKS else Problem.BROKEN
    except BadFile as bad:
        kept = bad.problem
    except ScannerDown:
        Attachment.objects.filter(pk=attachment_id).update(checks=0)
        raise
    _decide(attachment, kept)


def _look(attachment: Attachment) -> Kept:
    """Raises BadFile or ScannerDown."""
    path = filestore.incoming(attachment.key)
    if not path.is_file():
        raise BadFile(Problem.BROKEN)
    if settings.SCANNER is not None:
        with path.open("rb") as file:
            settings.SCANNER.look(file)
    if attachment.kind == FileKind.PICTURE:
        return _keep_picture(attachment)
    if attachment.content_type in WITH_BOXES:
        clean_video(path)
    if attachment.kind == FileKind.TEXT and _has_secret(path.read_bytes()):
        raise BadFile(Problem.SECRET)
    return Kept(attachment.content_type, *filestore.keep(attachment.key, path))


def _has_secret(content: bytes) -> bool:
    """In whichever encoding it may have been written. Raises BadFile."""
    return any(guard(text).found for text in readings_of(content))


def _keep_picture(attachment: Attachment) -> Kept:
    picture = clean_picture(filestore.incoming(attachment.key))
    size, sha256 = filestore.keep(attachment.key, picture.content)
    filestore.keep_small(attachment.key, picture.small)
    return Kept(picture.content_type, size, sha256, picture.width, picture.height)


@transaction.atomic
def _decide(looked_at: Attachment, kept: Kept | Problem) -> None:
    """Write down what became of it; if it has been said, both sides see the message anew."""
    # In the order of locks; whoever says the file at this moment waits for one of us.
    conversation = Conversation.objects.locked().filter(pk=looked_at.conversation_id).first()
    attachment = Attachment.objects.locked().select_related("message").filter(pk=looked_at.pk).first()
    if conversation is None or attachment is None:
        # It was erased while we looked; what we have just kept must not outlive it.
        transaction.on_commit(lambda: filestore.forget(looked_at.key))
        return
    if attachment.state != FileState.CHECKING:
        return
    if isinstance(kept, Problem):
        attachment.state, attachment.problem = FileState.REFUSED, kept
    else:
        attachment.state, attachment.content_type = FileState.READY, kept.content_type
        attachment.size, attachment.sha256 = kept.size, kept.sha256
        attachment.width, attachment.height = kept.width, kept.height
    attachment.save(update_fields=["state", "problem", "content_type", "size", "sha256", "width", "height"])
    if attachment.message is not None:
        _tell(attachment, conversation)
    key = attachment.key
    transaction.on_commit(
        lambda: (filestore.forget if attachment.problem else filestore.forget_incoming)(key)
    )


def _tell(attachment: Attachment, conversation: Conversation) -> None:
    assert attachment.message is not None  # noqa: S101 - asked by the caller
    is_note = attachment.message.visibility == Visibility.STAFF
    event = (staff_fact if is_note else fact)(
        FileChecked,
        conversation,
        actor=SYSTEM,
        subject_id=attachment.message_id,
        attachment_id=attachment.pk,
        problem=Problem(attachment.problem) if attachment.problem else None,
    )
    conversation.save(update_fields=["seq", "customer_seq"])
    record(event)
