"""The files that a message takes along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from kefu.conversations.nouns.attachment import Attachment, FileState
from kefu.conversations.nouns.message import Message
from kefu.conversations.verbs.say import FileRefusal, Say
from kefu.journal import rows


def problem_of(said: Say, files: Mapping[str, Attachment]) -> FileRefusal | None:
    """Why one of the files can't go along; `files` are those that are there, by key."""
    for key in said.files:
        file = files.get(key)
        is_theirs = file is not None and (file.conversation_id, file.uploader) == (
            said.conversation_id,
            said.sender,
        )
        if file is None or not is_theirs or file.message_id is not None:
            return "file_missing"
        if file.state == FileState.REFUSED:
            return "file_refused"
        if not file.is_up:
            return "file_not_up"
    return None


def save_places(carried: Sequence[tuple[Attachment, Message]]) -> None:
    """Each in the place in which it was chosen; they were announced side by side, so their ids say nothing of it."""
    placed: Counter[str] = Counter()
    for file, message in carried:
        file.message, file.place = message, placed[message.client_id]
        placed[message.client_id] += 1
    if carried:
        rows.update([file for file, _ in carried], ["message", "place"])
