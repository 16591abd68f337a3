"""A message carries files: stored together, once, theirs alone; both sides see what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kefu.conversations.actions import BadFiles, Conflict, Said, Say, say
from kefu.conversations.drawing import Audience
from kefu.conversations.models import Attachment, Conversation, FileState, Message, Visibility
from kefu.conversations.snapshot import events_after, snapshot
from kefu.conversations.tests.factories import (
    House,
    make_client_id,
    make_conversation,
    make_house,
    viewer_of,
)
from kefu.conversations.tests.uploads import announce, send, send_and_check
from kefu.conversations.transcript import transcript
from kefu.conversations.verbs.checking import look_at_file
from kefu.safety.tests.files import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


def with_files(conversation: Conversation, *files: Attachment, text: str = "", **fields: Any) -> Say:
    values: dict[str, Any] = {"by": viewer_of(conversation), "client_id": make_client_id()} | fields
    keys = tuple(file.key for file in files)
    return Say(conversation_id=conversation.pk, content=text, files=keys, **values)


def drawn(conversation: Conversation, audience: Audience = Audience.STAFF) -> list[dict[str, Any]]:
    return [
        event["message"] for event in snapshot(conversation, audience)["events"] if event["kind"] == "message"
    ]


def test_a_message_is_stored_with_its_files_and_needs_no_words(house: House) -> None:
    conversation = make_conversation(house)
    viewer = viewer_of(conversation)
    files = [
        send_and_check(conversation, viewer),
        send_and_check(conversation, viewer, PDF, name="对账单.pdf"),
    ]

    answer = say([with_files(conversation, *files)])[0]

    assert isinstance(answer, Said)
    assert list(Attachment.objects.filter(message=answer.message)) == files
    conversation.refresh_from_db()
    assert conversation.last_line == "转出记录截图.png, 对账单.pdf"
    message = drawn(conversation)[-1]
    assert message["text"] == ""
    assert [(file["name"], file["kind"], file["state"]) for file in message["files"]] == [
        ("转出记录截图.png", "picture", "ready"),
        ("对账单.pdf", "pdf", "ready"),
    ]


def test_saying_it_again_gives_the_first_result_and_other_files_are_a_conflict(house: House) -> None:
    conversation = make_conversation(house)
    file, other = (send_and_check(conversation, viewer_of(conversation)) for _ in range(2))
    one = with_files(conversation, file, text="看这张")
    first = say([one])[0]

    again = say([one, one])

    assert isinstance(first, Said)
    assert [answer.message.pk for answer in again if isinstance(answer, Said)] == [first.message.pk] * 2
    assert say([with_files(conversation, other, text="看这张", client_id=one.client_id)]) == [Conflict()]
    other.refresh_from_db()
    assert other.message_id is None


def test_a_file_is_said_once(house: House) -> None:
    conversation = make_conversation(house)
    file = send_and_check(conversation, viewer_of(conversation))

    answers = say([with_files(conversation, file, file), with_files(conversation, file)])

    assert isinstance(answers[0], Said)
    assert answers[0].message.file_count == 1
    assert answers[1] == BadFiles("file_missing")
    assert say([with_files(conversation, file)]) == [BadFiles("file_missing")]


def test_what_is_not_up_refused_or_anothers_is_not_said(house: House) -> None:
    conversation = make_conversation(house)
    viewer = viewer_of(conversation)
    elsewhere = make_conversation(house, viewer)
    halfway = announce(conversation, viewer, 5_000)
    refused = send(conversation, viewer, b"MZ\0")
    of_another = send_and_check(elsewhere, viewer)
    of_mei = send_and_check(conversation, house.mei)
    before = Message.objects.count()

    answers = say([with_files(conversation, file) for file in (halfway, refused, of_another, of_mei)])

    assert answers == [
        BadFiles("file_not_up"),
        BadFiles("file_refused"),
        *[BadFiles("file_missing")] * 2,
    ]
    nobodys = Attachment(key="0" * 32)
    assert say([with_files(conversation, nobodys)]) == [BadFiles("file_missing")]
    assert Message.objects.count() == before


def test_a_file_may_be_said_before_it_is_checked_and_both_sides_hear_what_became_of_it(house: House) -> None:
    conversation = make_conversation(house)
    file = send(conversation, viewer_of(conversation))
    answer = say([with_files(conversation, file)])[0]
    assert isinstance(answer, Said)
    assert drawn(conversation, Audience.CUSTOMER)[-1]["files"][0]["state"] == "checking"
    seen = {side: snapshot(conversation, side)["seq"] for side in Audience}

    look_at_file(attachment_id=file.pk)

    for side in Audience:
        events = events_after(conversation, side, seen[side], limit=10) or []
        assert [event["kind"] for event in events] == ["message"]
        assert events[0]["message"]["id"] == answer.message.pk
        assert events[0]["message"]["files"][0]["state"] == "ready"
        assert len(drawn(conversation, side)) == 2


def test_the_files_of_a_note_stay_behind_the_counter(house: House) -> None:
    conversation = make_conversation(house)
    file = send(conversation, house.mei)
    before = snapshot(conversation, Audience.CUSTOMER)
    note = with_files(conversation, file, text="内部", by=house.mei, visibility=Visibility.STAFF)
    say([note])

    look_at_file(attachment_id=file.pk)

    after = snapshot(conversation, Audience.CUSTOMER)
    assert (after["seq"], after["events"]) == (before["seq"], before["events"])
    assert drawn(conversation)[-1]["files"][0]["state"] == FileState.READY


def test_messages_without_files_ask_nothing_about_files(house: House) -> None:
    conversation = make_conversation(house)
    one = Say(
        conversation_id=conversation.pk,
        by=viewer_of(conversation),
        client_id=make_client_id(),
        content="在吗",
    )

    with CaptureQueriesContext(connection) as queries:
        say([one])
        snapshot(conversation, Audience.STAFF)

    assert not [query for query in queries.captured_queries if "conversations_attachment" in query["sql"]]


def test_many_files_are_drawn_with_one_query(house: House) -> None:
    conversation = make_conversation(house)
    counts = []
    for _ in range(2):
        for _ in range(3):
            say([with_files(conversation, send_and_check(conversation, viewer_of(conversation), PDF))])
        with CaptureQueriesContext(connection) as queries:
            snapshot(conversation, Audience.STAFF)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_transcript_names_files_and_an_erased_message_shows_none(house: House) -> None:
    conversation = make_conversation(house)
    answer = say(
        [with_files(conversation, send_and_check(conversation, viewer_of(conversation)), text="看这张")]
    )[0]
    assert isinstance(answer, Said)

    assert transcript(conversation)[-1].text.endswith("转出记录截图.png]")
    Message.objects.filter(pk=answer.message.pk).update(erased_at=answer.message.occurred_at)
    assert drawn(conversation)[-1]["files"] == []


def test_files_stand_in_the_order_in_which_they_were_chosen(house: House) -> None:
    conversation = make_conversation(house)
    viewer = viewer_of(conversation)
    announced_first, chosen_first = [
        send_and_check(conversation, viewer, name=f"{name}.png") for name in ("b", "a")
    ]

    say([with_files(conversation, chosen_first, announced_first)])

    assert [file["name"] for file in drawn(conversation)[-1]["files"]] == ["a.png", "b.png"]
