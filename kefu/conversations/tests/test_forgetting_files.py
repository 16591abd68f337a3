"""Files that nobody said go after a day, and bytes a day after their row."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import now
from pytest_django import Settings

from kefu.conversations import filestore
from kefu.conversations.actions import Say, say
from kefu.conversations.forgetting import forget_files_not_said, forget_loose_bytes
from kefu.conversations.models import Attachment, Conversation, LooseBytes
from kefu.conversations.tests.factories import make_client_id, make_conversation, make_house, viewer_of
from kefu.conversations.tests.uploads import announce, send, send_and_check
from kefu.safety.retention import DataKind, registered

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def conversation(settings: Settings, tmp_path: Path) -> Conversation:
    settings.INCOMING_FILES = tmp_path / "incoming"
    storage = settings.STORAGES["files"]
    options = storage["OPTIONS"] | {"location": tmp_path / "files"}
    settings.STORAGES = settings.STORAGES | {"files": storage | {"OPTIONS": options}}
    return make_conversation(make_house())


def say_file(file: Attachment) -> None:
    viewer = viewer_of(file.conversation)
    said = Say(
        conversation_id=file.conversation_id,
        by=viewer,
        client_id=make_client_id(),
        content="",
        files=(file.key,),
    )
    say([said])


def test_what_was_sent_and_never_said_goes(conversation: Conversation) -> None:
    viewer = viewer_of(conversation)
    old = [
        announce(conversation, viewer, 5),
        send(conversation, viewer),
        send_and_check(conversation, viewer),
    ]
    kept = send_and_check(conversation, viewer)
    say_file(kept)
    Attachment.objects.update(created_at=now() - 2 * DAY)
    fresh = send(conversation, viewer)

    assert forget_files_not_said(now() - DAY) == len(old)

    assert set(Attachment.objects.values_list("pk", flat=True)) == {kept.pk, fresh.pk}


def test_what_is_said_at_the_last_moment_stays(conversation: Conversation) -> None:
    viewer = viewer_of(conversation)
    late, old = send_and_check(conversation, viewer), send_and_check(conversation, viewer)
    Attachment.objects.update(created_at=now() - 2 * DAY)
    said = []

    def say_before_the_first_transaction(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("SAVEPOINT") and not said:
            said.append(late.key)
            say_file(late)
        return execute(sql, *rest)

    with connection.execute_wrapper(say_before_the_first_transaction):
        removed = forget_files_not_said(now() - DAY)

    assert (removed, said) == (1, [late.key])
    assert Attachment.objects.get().message_id is not None
    assert not Attachment.objects.filter(pk=old.pk).exists()


def test_bytes_outlive_their_row_by_a_day_whatever_removed_it(conversation: Conversation) -> None:
    viewer = viewer_of(conversation)
    gone, halfway, kept = (
        send_and_check(conversation, viewer),
        send(conversation, viewer),
        send_and_check(conversation, viewer),
    )
    Attachment.objects.filter(pk__in=[gone.pk, halfway.pk]).delete()
    bytes_there = {gone.key, halfway.key, kept.key}

    assert forget_loose_bytes(now() - DAY) == 0
    assert set(filestore.all_keys()) == bytes_there
    assert forget_loose_bytes(now() - DAY) == 0
    LooseBytes.objects.update(seen_at=now() - 2 * DAY)
    assert forget_loose_bytes(now() - DAY) == 2

    assert set(filestore.all_keys()) == {kept.key}
    assert not LooseBytes.objects.exists()
    filestore.open_kept(kept.key).close()


def test_the_nightly_round_knows_both() -> None:
    assert {DataKind.FILE_NOT_SAID, DataKind.FILE_BYTES} <= registered()
