"""Pieces of files beside everything else: a slow disk, a crash, two who send the same, a customer who is erased meanwhile."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any, TypeVar

import pytest
from django.db import OperationalError, connection

from kefu.conversations import filestore
from kefu.conversations.actions import (
    Announced,
    FileGone,
    Said,
    Say,
    WrongPlace,
    receive_piece,
    say,
    send_whole,
    where_to_go_on,
)
from kefu.conversations.models import Attachment, Conversation, FileState
from kefu.conversations.tests.factories import make_client_id, make_conversation, make_house, viewer_of
from kefu.conversations.tests.file_clients import as_customer, put
from kefu.conversations.tests.uploads import announce, send, send_and_check
from kefu.safety.tests.files import PDF, picture

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 20
Result = TypeVar("Result")


class Disk:
    """A disk that takes as long as a test wants, and who stands before it."""

    def __init__(self) -> None:
        self.is_writing, self.may_end = Event(), Event()
        self.asked = 0
        self.is_asked_twice = Event()

    def fsync(self, _: int) -> None:
        self.is_writing.set()
        assert self.may_end.wait(SECONDS)

    def flock(self, file: Any, how: int) -> None:
        self.asked += 1
        if self.asked > 1:
            self.is_asked_twice.set()
        FLOCK(file, how)


FLOCK = fcntl.flock


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    disk = Disk()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    monkeypatch.setattr(fcntl, "flock", disk.flock)
    yield disk
    disk.may_end.set()


@pytest.fixture
def conversation() -> Conversation:
    return make_conversation(make_house())


@pytest.fixture
def beside() -> Iterator[Callable[[Callable[[], Any]], Future[Any]]]:
    """Do something in another thread, with a connection of its own."""

    def closing(work: Callable[[], Result]) -> Result:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        yield lambda work: pool.submit(closing, work)


def test_what_is_said_does_not_wait_for_the_disk_that_takes_a_file(
    conversation: Conversation, disk: Disk, beside: Callable[..., Future[Any]]
) -> None:
    viewer = viewer_of(conversation)
    uploading = beside(lambda: send(conversation, viewer, PDF))
    assert disk.is_writing.wait(SECONDS)

    said = say(
        [Say(conversation_id=conversation.pk, by=viewer, client_id=make_client_id(), content="还没到账")]
    )

    assert isinstance(said[0], Said)
    assert not uploading.done()
    disk.may_end.set()
    assert uploading.result(SECONDS).state == FileState.CHECKING


def test_of_two_who_send_the_end_at_once_one_does_and_the_other_learns_it(
    conversation: Conversation, disk: Disk, beside: Callable[..., Future[Any]]
) -> None:
    viewer = viewer_of(conversation)
    file = announce(conversation, viewer, len(PDF))
    first = beside(lambda: receive_piece(attachment=file, by=viewer, offset=0, piece=PDF))
    assert disk.is_writing.wait(SECONDS)

    second = beside(lambda: receive_piece(attachment=file, by=viewer, offset=0, piece=b"x" * len(PDF)))
    assert disk.is_asked_twice.wait(SECONDS)
    disk.may_end.set()

    assert first.result(SECONDS).state == second.result(SECONDS).state == FileState.CHECKING
    assert filestore.incoming(file.key).read_bytes() == PDF


def test_a_form_that_was_sent_twice_at_once_is_one_file(
    conversation: Conversation, disk: Disk, beside: Callable[..., Future[Any]]
) -> None:
    viewer, content = viewer_of(conversation), picture("PNG", (300, 300))
    announced = Announced(client_id=make_client_id(), name="a.png", size=len(content))

    def send_form() -> Attachment:
        pieces = [content[at : at + 500] for at in range(0, len(content), 500)]
        return send_whole(conversation=conversation, by=viewer, announced=announced, pieces=pieces)

    first = beside(send_form)
    assert disk.is_writing.wait(SECONDS)
    second = beside(send_form)
    assert disk.is_asked_twice.wait(SECONDS)
    disk.may_end.set()

    assert first.result(SECONDS).pk == second.result(SECONDS).pk
    assert Attachment.objects.get().state == FileState.CHECKING
    assert filestore.incoming(Attachment.objects.get().key).read_bytes() == content


def test_a_file_that_is_erased_while_it_comes_in_does_not_come_back(
    conversation: Conversation, disk: Disk, beside: Callable[..., Future[Any]]
) -> None:
    viewer = viewer_of(conversation)
    file = announce(conversation, viewer, len(PDF))
    uploading = beside(lambda: receive_piece(attachment=file, by=viewer, offset=0, piece=PDF))
    assert disk.is_writing.wait(SECONDS)

    Attachment.objects.all().delete()
    disk.may_end.set()

    with pytest.raises(FileGone):
        uploading.result(SECONDS)
    with pytest.raises(FileGone):
        receive_piece(attachment=file, by=viewer, offset=0, piece=PDF)
    assert file.key not in set(filestore.all_keys())


def test_what_comes_late_for_a_file_that_is_ready_leaves_nothing_on_the_way(
    conversation: Conversation,
) -> None:
    viewer = viewer_of(conversation)
    file = send_and_check(conversation, viewer, PDF)

    late = receive_piece(attachment=file, by=viewer, offset=0, piece=PDF)

    assert late.state == FileState.READY
    assert not filestore.incoming(file.key).exists()


def test_a_crash_before_the_row_is_written_is_gone_on_from_the_row(conversation: Conversation) -> None:
    viewer, content = viewer_of(conversation), picture("PNG", (300, 300))
    file = announce(conversation, viewer, len(content))
    receive_piece(attachment=file, by=viewer, offset=0, piece=content[:400])

    def crash(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE"):
            raise OperationalError
        return execute(sql, *rest)

    with connection.execute_wrapper(crash), pytest.raises(OperationalError):
        receive_piece(attachment=file, by=viewer, offset=400, piece=content[400:900])
    file.refresh_from_db()
    assert where_to_go_on(file) == 400
    receive_piece(attachment=file, by=viewer, offset=400, piece=content[400:600])
    done = receive_piece(attachment=file, by=viewer, offset=600, piece=content[600:])

    assert done.state == FileState.CHECKING
    assert filestore.incoming(file.key).read_bytes() == content


def test_what_the_disk_has_lost_is_sent_again(conversation: Conversation) -> None:
    viewer, content = viewer_of(conversation), picture("PNG", (300, 300))
    file = announce(conversation, viewer, len(content))
    receive_piece(attachment=file, by=viewer, offset=0, piece=content[:400])
    os.truncate(filestore.incoming(file.key), 150)
    client = as_customer(conversation)

    with pytest.raises(WrongPlace) as place:
        receive_piece(attachment=file, by=viewer, offset=400, piece=content[400:])
    asked = client.get(f"/files/{file.key}/").json()
    done = put(client, file.key, 150, content[150:]).json()

    assert place.value.received == asked["received"] == 150
    assert done["state"] == "checking"
    assert filestore.incoming(file.key).read_bytes() == content


def test_a_file_that_begins_anew_is_told_by_its_new_bytes(conversation: Conversation) -> None:
    viewer, head = viewer_of(conversation), 10_000
    file = announce(conversation, viewer, 2 * head)
    receive_piece(attachment=file, by=viewer, offset=0, piece=PDF[:200].ljust(head, b" "))
    file.refresh_from_db()
    assert file.kind == "pdf"
    os.truncate(filestore.incoming(file.key), 0)

    receive_piece(attachment=file, by=viewer, offset=0, piece=picture("PNG").ljust(head, b" "))

    file.refresh_from_db()
    assert (file.kind, file.content_type) == ("picture", "image/png")
