"""Sending a file in pieces: it belongs to a conversation from the start, and to a message once it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from kefu.accounts.models import Agent
from kefu.accounts.policy import May, require
from kefu.accounts.viewers import CustomerViewer
from kefu.background.tasks import enqueue
from kefu.conversations import filestore
from kefu.conversations.events import FileUploaded
from kefu.conversations.nouns.attachment import LONGEST_STORED_NAME, Attachment, FileState
from kefu.conversations.nouns.conversation import Conversation
from kefu.conversations.tasks import check_file
from kefu.journal.actions import record
from kefu.safety.files.kinds import BadFile, FileKind, Problem
from kefu.safety.files.names import clean_name
from kefu.safety.files.sniffing import HEAD, kind_of
from kefu.safety.guard import guard

# A piece is held in memory, so it is short.
LARGEST_PIECE = 1024 * 1024


class OtherFile(RuntimeError):
    """This client id was used for another file, or for one that has been said."""


class ConversationFull(RuntimeError):
    """The files of this conversation have reached what an operator allows."""


class FileGone(RuntimeError):
    """It was erased, or forgotten, while it was coming in."""


class WrongPlace(RuntimeError):
    """This piece does not follow what we have: `received` is where to go on."""

    def __init__(self, received: int) -> None:
        super().__init__("wrong place")
        self.received = received


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What a client says of a file before it sends it. None of it is believed."""

    client_id: str
    name: str
    size: int


@transaction.atomic
def begin_upload(
    *, conversation: Conversation, by: Agent | CustomerViewer, announced: Announced
) -> Attachment:
    """A place for a file; announcing it again gives the first. Raises Refused, BadFile, OtherFile, ConversationFull."""
    require(by, _verb(by), conversation)
    # The lock serialises two announcements of one file, and the sum of all.
    conversation = Conversation.objects.locked().get(pk=conversation.pk)
    require(by, _verb(by), conversation)
    name = guard(clean_name(announced.name)).cut(LONGEST_STORED_NAME)
    known = Attachment.objects.filter(uploader=str(by.actor), client_id=announced.client_id).first()
    if known is not None:
        if not _is_same(known, conversation, name, announced.size):
            raise OtherFile
        return known
    if announced.size < 1:
        raise BadFile(Problem.EMPTY)
    if announced.size > max(settings.LARGEST_FILE.values()):
        raise BadFile(Problem.TOO_LARGE)
    if _room_taken(conversation) + announced.size > settings.FILES_OF_A_CONVERSATION:
        raise ConversationFull
    return Attachment.objects.create(
        conversation=conversation,
        uploader=str(by.actor),
        client_id=announced.client_id,
        name=name,
        size=announced.size,
    )


def receive_piece(
    *, attachment: Attachment, by: Agent | CustomerViewer, offset: int, piece: bytes
) -> Attachment:
    """Take the next bytes; the last ones send the file to be checked. Raises Refused, WrongPlace, FileGone.

    The first piece tells what it is. A file that is none of ours ends as refused, and no more of it is taken.
    """
    require(by, _verb(by), attachment.conversation)
    with _turn(attachment) as (file, row):
        return _take(file, row, by, offset, piece)


def send_whole(
    *, conversation: Conversation, by: Agent | CustomerViewer, announced: Announced, pieces: Iterable[bytes]
) -> Attachment:
    """A file that has come in whole, as a form without script sends it. Sent again it is the first, also after it was said.

    Raises what begin_upload does, and FileGone; a file that is none of ours comes back refused.
    """
    require(by, _verb(by), conversation)
    mine = Attachment.objects.filter(conversation=conversation, uploader=str(by.actor))
    known = mine.filter(client_id=announced.client_id, message__isnull=False).first()
    if known is not None:
        return known
    attachment = begin_upload(conversation=conversation, by=by, announced=announced)
    at = 0
    for piece in pieces:
        # A turn for each, so that nobody waits for a whole video; what an earlier try or the same form has written stays.
        with _turn(attachment) as (file, attachment):
            if missing := piece[max(0, where_to_go_on(attachment) - at) :]:
                _take(file, attachment, by, at + len(piece) - len(missing), missing)
        at += len(piece)
    return attachment


def where_to_go_on(attachment: Attachment) -> int:
    """How many of its bytes we have.

    After a crash the row or the disk may be ahead: what the row doesn't count is written again, what the disk has lost is
    sent again.
    """
    if attachment.state != FileState.RECEIVING:
        return attachment.received
    return min(attachment.received, filestore.length_incoming(attachment.key))


@contextmanager
def _turn(attachment: Attachment) -> Iterator[tuple[IO[bytes], Attachment]]:
    """Nobody else writes its bytes meanwhile; the file, and its row as it is now. Raises FileGone.

    Outside of any transaction: a disk may be slow, and whoever has said something must not wait for it.
    """
    with filestore.turn_to_write(attachment.key) as file:
        row = Attachment.objects.select_related("conversation").filter(pk=attachment.pk).first()
        if row is None or (row.state != FileState.RECEIVING and not filestore.length_incoming(row.key)):
            # Its bytes had gone already; asking for a turn has made an empty file of that name.
            filestore.forget_incoming(attachment.key)
        if row is None:
            raise FileGone
        yield file, row


def _take(
    file: IO[bytes], attachment: Attachment, by: Agent | CustomerViewer, offset: int, piece: bytes
) -> Attachment:
    """In its turn. The bytes are on the disk before the row says so."""
    if attachment.state != FileState.RECEIVING:
        return attachment
    before, place = attachment.received, where_to_go_on(attachment)
    if offset != place or not piece or offset + len(piece) > attachment.size:
        raise WrongPlace(place)
    is_last = offset + len(piece) == attachment.size
    filestore.write_piece(file, offset, piece, is_last=is_last)
    attachment.received = offset + len(piece)
    if offset == 0:
        # Begun anew: what it is, is told by these bytes and not by those that were lost.
        attachment.kind = attachment.content_type = ""
    try:
        _recognise(attachment, file)
    except BadFile as bad:
        attachment.state, attachment.problem = FileState.REFUSED, bad.problem
    else:
        attachment.state = FileState.CHECKING if is_last else FileState.RECEIVING
    if not _record(attachment, by, before):
        filestore.forget_incoming(attachment.key)
        raise FileGone
    return attachment


@transaction.atomic(durable=True)
def _record(attachment: Attachment, by: Agent | CustomerViewer, before: int) -> bool:
    """Write down how far it has come; False if it was erased or forgotten meanwhile."""
    row = Attachment.objects.locked().filter(pk=attachment.pk).first()
    if row is None:
        return False
    if (row.state, row.received) != (FileState.RECEIVING, before):
        # Only where a folder that several machines share doesn't keep our turns.
        raise WrongPlace(row.received)
    attachment.save(update_fields=["received", "state", "problem", "kind", "content_type"])
    if attachment.state == FileState.REFUSED:
        transaction.on_commit(lambda: filestore.forget_incoming(attachment.key))
    if attachment.state == FileState.CHECKING:
        enqueue(check_file, attachment_id=attachment.pk)
        record(_uploaded(attachment, by))
    return True


def _room_taken(conversation: Conversation) -> int:
    """Of what was refused no byte is kept, so it takes no room."""
    files = Attachment.objects.filter(conversation=conversation).exclude(state=FileState.REFUSED)
    return int(files.aggregate(Sum("size", default=0))["size__sum"])


def _is_same(known: Attachment, conversation: Conversation, name: str, size: int) -> bool:
    """What has come in whole may have become shorter or longer by being written anew."""
    is_same_size = known.size == size or known.state != FileState.RECEIVING
    return (
        known.conversation_id == conversation.pk
        and known.message_id is None
        and known.name == name
        and is_same_size
    )


def _verb(by: Agent | CustomerViewer) -> May:
    return May.SAY if isinstance(by, CustomerViewer) else May.NOTE


def _recognise(attachment: Attachment, file: IO[bytes]) -> None:
    """By the first bytes, once there are enough of them. Raises BadFile."""
    if attachment.kind or attachment.received < min(HEAD, attachment.size):
        return
    found = kind_of(filestore.head_of(file, HEAD))
    attachment.kind, attachment.content_type = found.kind, found.content_type
    if attachment.size > settings.LARGEST_FILE[FileKind(found.kind)]:
        raise BadFile(Problem.TOO_LARGE)


def _uploaded(attachment: Attachment, by: Agent | CustomerViewer) -> FileUploaded:
    return FileUploaded(
        actor=by.actor,
        brand_id=attachment.conversation.brand_id,
        conversation_id=attachment.conversation_id,
        subject_id=attachment.pk,
    )
