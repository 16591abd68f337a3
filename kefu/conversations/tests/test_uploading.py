"""A file comes in by pieces, is looked at by the worker, and is said in a message."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from kefu.accounts.models import Role
from kefu.accounts.policy import Refused
from kefu.accounts.viewers import CustomerViewer
from kefu.conversations import filestore
from kefu.conversations.actions import (
    ConversationFull,
    OtherFile,
    WrongPlace,
    begin_upload,
    receive_piece,
)
from kefu.conversations.models import Attachment, FileState
from kefu.conversations.tests.factories import (
    House,
    make_agent,
    make_client_id,
    make_conversation,
    make_house,
    make_viewer,
    viewer_of,
)
from kefu.conversations.tests.uploads import announce, send, send_and_check
from kefu.conversations.verbs.checking import MOST_CHECKS, look_at_file
from kefu.conversations.verbs.uploading import Announced
from kefu.journal.models import Entry
from kefu.safety.files.kinds import BadFile, FileKind, Problem
from kefu.safety.files.scanning import Scanner, ScannerDown, scanner_at
from kefu.safety.tests.clamd import KNOWN_BAD, clamd
from kefu.safety.tests.files import HTML, PDF, PLACE, SVG, photo_with_place, picture, video

pytestmark = pytest.mark.django_db
PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"


@pytest.fixture
def house() -> House:
    return make_house()


def test_a_photo_is_kept_without_what_it_told(
    house: House, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    conversation = make_conversation(house)

    with django_capture_on_commit_callbacks(execute=True):
        photo = send_and_check(conversation, viewer_of(conversation), photo_with_place(), name="IMG_1.jpg")

    assert (photo.state, photo.kind, photo.content_type) == (FileState.READY, FileKind.PICTURE, "image/jpeg")
    assert (photo.width, photo.height) == (60, 80)
    with filestore.open_kept(photo.key) as file, filestore.open_kept(photo.key, small=True) as small:
        content = file.read()
        assert PLACE.encode() not in content + small.read()
    assert (photo.size, photo.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert not filestore.incoming(photo.key).exists()


def test_kept_bytes_lie_under_a_random_name_for_their_owner_only(house: House) -> None:
    conversation = make_conversation(house)

    file = send_and_check(conversation, viewer_of(conversation), PDF, name="../../../evil.html")

    path = Path(settings.DATA_DIR) / "files" / file.key[:2] / file.key
    assert path.read_bytes() == PDF
    assert path.stat().st_mode & 0o077 == 0
    assert file.name == "evil.html"


def test_pieces_follow_each_other_and_a_lost_answer_does_no_harm(house: House) -> None:
    conversation = make_conversation(house)
    viewer, content = viewer_of(conversation), picture("PNG", (300, 300))
    file = announce(conversation, viewer, len(content))
    receive_piece(attachment=file, by=viewer, offset=0, piece=content[:400])

    with pytest.raises(WrongPlace) as again:
        receive_piece(attachment=file, by=viewer, offset=0, piece=content[:400])
    with pytest.raises(WrongPlace):
        receive_piece(attachment=file, by=viewer, offset=900, piece=content[900:])
    with pytest.raises(WrongPlace):
        receive_piece(attachment=file, by=viewer, offset=400, piece=content[400:] + b"more")
    file = receive_piece(attachment=file, by=viewer, offset=again.value.received, piece=content[400:])
    after = receive_piece(attachment=file, by=viewer, offset=0, piece=b"other bytes")

    assert file.state == after.state == FileState.CHECKING
    look_at_file(attachment_id=file.pk)
    file.refresh_from_db()
    with filestore.open_kept(file.key) as kept, Image.open(BytesIO(kept.read())) as opened:
        assert opened.size == (300, 300)


def test_announcing_a_file_again_gives_the_first(house: House) -> None:
    conversation = make_conversation(house)
    viewer, client_id = viewer_of(conversation), make_client_id()
    first = announce(conversation, viewer, 900, client_id=client_id)
    receive_piece(attachment=first, by=viewer, offset=0, piece=PDF)

    again = announce(conversation, viewer, 900, client_id=client_id)

    assert (again.pk, again.received) == (first.pk, len(PDF))
    assert Attachment.objects.count() == 1
    with pytest.raises(OtherFile):
        announce(conversation, viewer, 901, client_id=client_id)
    with pytest.raises(OtherFile):
        announce(conversation, viewer, 900, name="other.pdf", client_id=client_id)
    with pytest.raises(OtherFile):
        announce(make_conversation(house, viewer), viewer, 900, client_id=client_id)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (SVG, Problem.KIND),
        (HTML, Problem.KIND),
        (b"MZ\x90\0" * 20, Problem.KIND),
        (b"PK\x03\x04" + bytes(9), Problem.KIND),
    ],
    ids=["svg", "html", "exe", "zip"],
)
def test_what_is_none_of_ours_is_refused_at_its_first_piece(
    house: House,
    content: bytes,
    problem: Problem,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    conversation = make_conversation(house)

    with django_capture_on_commit_callbacks(execute=True):
        file = send(conversation, viewer_of(conversation), content + b" " * 5_000, name="a.png", piece=4_096)

    assert (file.state, file.problem) == (FileState.REFUSED, problem)
    assert file.received == 4_096
    assert not filestore.incoming(file.key).exists()


@pytest.mark.parametrize(
    "content",
    [
        f"my words: {PHRASE}".encode(),
        "登录密码：Abc12345".encode("gb18030"),
        "登入密碼：Abc12345".encode("cp950"),
    ],
    ids=["utf-8", "mainland", "taiwan"],
)
def test_a_text_with_a_secret_is_not_kept(
    house: House, content: bytes, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    conversation = make_conversation(house)

    with django_capture_on_commit_callbacks(execute=True):
        file = send_and_check(conversation, viewer_of(conversation), content, name="a.txt")

    assert (file.state, file.problem) == (FileState.REFUSED, Problem.SECRET)
    assert file.key not in set(filestore.all_keys())


def test_a_secret_in_a_name_is_hidden(house: House) -> None:
    conversation = make_conversation(house)

    file = announce(conversation, viewer_of(conversation), 5, name=f"{PHRASE}.png")

    assert "sausage" not in file.name


def test_limits_hold_by_kind_and_for_a_conversation(house: House, settings: Settings) -> None:
    settings.LARGEST_FILE = {FileKind.PICTURE: 20_000, FileKind.TEXT: 5_000}
    settings.FILES_OF_A_CONVERSATION = 30_000
    conversation = make_conversation(house)
    viewer = viewer_of(conversation)

    with pytest.raises(BadFile) as large:
        announce(conversation, viewer, 20_001)
    with pytest.raises(BadFile) as nothing:
        announce(conversation, viewer, 0)
    text = send(conversation, viewer, b"log line\n" * 2_000, name="a.png", piece=4_096)
    # What was refused takes no room.
    announce(conversation, viewer, 12_000)
    announce(conversation, viewer, 18_000)
    with pytest.raises(ConversationFull):
        announce(conversation, viewer, 1)

    assert (large.value.problem, nothing.value.problem) == (Problem.TOO_LARGE, Problem.EMPTY)
    assert (text.state, text.problem, text.received) == (FileState.REFUSED, Problem.TOO_LARGE, 4_096)


def test_mallory_sends_nothing_into_the_conversations_of_others(house: House) -> None:
    conversation, other = make_conversation(house), make_conversation(house)
    announced = Announced(client_id=make_client_id(), name="a.png", size=5)
    own = announce(conversation, viewer_of(conversation), 5)
    behind_a_link = CustomerViewer(conversation.customer_id, house.brand.pk, only_conversation_id=other.pk)

    for mallory in (
        make_viewer(house),
        behind_a_link,
        house.stranger,
        make_agent(house.team, role=Role.AUDITOR),
    ):
        with pytest.raises(Refused):
            begin_upload(conversation=conversation, by=mallory, announced=announced)
        with pytest.raises(Refused):
            receive_piece(attachment=own, by=mallory, offset=0, piece=b"x")


def test_a_video_is_kept_without_its_place(house: House) -> None:
    conversation = make_conversation(house)

    file = send_and_check(conversation, viewer_of(conversation), video(), name="clip.mov")

    with filestore.open_kept(file.key) as kept:
        content = kept.read()
    assert (file.state, file.size) == (FileState.READY, len(content))
    assert PLACE.encode() not in content


def test_the_scanner_decides_and_while_it_is_down_nothing_is_ready(
    house: House, settings: Settings, tmp_path: Path
) -> None:
    conversation = make_conversation(house)
    viewer = viewer_of(conversation)
    settings.SCANNER = Scanner(path=str(tmp_path / "clamd"))
    waiting, bad = send(conversation, viewer), send(conversation, viewer, b"x" + KNOWN_BAD, name="a.txt")
    for _ in range(MOST_CHECKS + 1):
        with pytest.raises(ScannerDown):
            look_at_file(attachment_id=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == FileState.CHECKING
    assert not (Path(settings.DATA_DIR) / "files" / filestore.name_of(waiting.key)).exists()

    with clamd(tmp_path / "clamd") as address:
        assert scanner_at(address) == settings.SCANNER
        look_at_file(attachment_id=waiting.pk)
        look_at_file(attachment_id=bad.pk)

    waiting.refresh_from_db()
    bad.refresh_from_db()
    assert waiting.state == FileState.READY
    assert (bad.state, bad.problem) == (FileState.REFUSED, Problem.HARMFUL)


def test_a_check_that_never_ends_well_is_not_begun_for_ever(house: House) -> None:
    conversation = make_conversation(house)
    file = send(conversation, viewer_of(conversation))
    Attachment.objects.filter(pk=file.pk).update(checks=MOST_CHECKS)

    look_at_file(attachment_id=file.pk)

    file.refresh_from_db()
    assert (file.state, file.problem) == (FileState.REFUSED, Problem.BROKEN)


def test_looking_again_changes_nothing(house: House) -> None:
    conversation = make_conversation(house)
    file = send_and_check(conversation, viewer_of(conversation))
    before = Attachment.objects.filter(pk=file.pk).values().get()

    look_at_file(attachment_id=file.pk)
    look_at_file(attachment_id=0)

    assert Attachment.objects.filter(pk=file.pk).values().get() == before


def test_that_a_file_came_in_stands_in_the_journal_without_its_name(house: House) -> None:
    conversation = make_conversation(house)

    file = send(conversation, viewer_of(conversation))

    entry = Entry.objects.get(kind="conversation.file_uploaded")
    assert (entry.subject_id, entry.seq, entry.customer_seq, entry.payload) == (file.pk, None, None, {})
