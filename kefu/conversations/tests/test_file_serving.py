"""Fetching files: who may see one, and as what a browser gets it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now

from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Role
from kefu.conversations.actions import Say, say
from kefu.conversations.models import Message
from kefu.conversations.tests.factories import (
    House,
    make_agent,
    make_client_id,
    make_conversation,
    make_house,
    viewer_of,
)
from kefu.conversations.tests.file_clients import (
    as_agent,
    as_customer,
    as_somebody,
    behind_a_link,
    said,
    status,
    with_cookie,
)
from kefu.conversations.tests.uploads import send, send_and_check
from kefu.journal.models import Entry
from kefu.safety.tests.files import HTML, PDF, picture, video

pytestmark = pytest.mark.django_db
STRANGE_NAME = "invoice\u202egpj.html"


@pytest.fixture
def house() -> House:
    cache.clear()
    return make_house()


def test_a_picture_is_shown_from_its_clean_form_and_everything_else_is_downloaded(house: House) -> None:
    conversation = make_conversation(house)
    client = as_customer(conversation)
    shown = client.get(f"/files/{said(conversation, picture() + HTML, name=STRANGE_NAME).key}/content")
    loaded = client.get(f"/files/{said(conversation, PDF, name='对账单.html').key}/content")
    text = client.get(
        f"/files/{said(conversation, b'a <script>alert(1)</script>', name='x.svg').key}/content"
    )

    picture_body = b"".join(shown.streaming_content)
    assert b"script" not in picture_body
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Content-Disposition"] == 'inline; filename="invoicegpj.html.png"'
    assert loaded.headers["Content-Type"] == "application/pdf"
    assert loaded.headers["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('对账单.html.pdf')}"
    assert text.headers["Content-Type"] == "text/plain"
    assert text.headers["Content-Disposition"] == 'attachment; filename="x.svg.txt"'
    assert b"".join(loaded.streaming_content) == PDF
    assert b"".join(text.streaming_content).startswith(b"a <script>")
    for answer in (shown, loaded, text):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"].startswith("private")
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_small_picture_is_a_small_picture_and_others_have_none(house: House) -> None:
    conversation = make_conversation(house)
    client = as_customer(conversation)

    small = client.get(f"/files/{said(conversation, picture('JPEG', (2000, 1000))).key}/small")
    none = client.get(f"/files/{said(conversation, PDF).key}/small")

    assert (small.status_code, small.headers["Content-Type"]) == (200, "image/webp")
    assert small.content[8:12] == b"WEBP"
    assert none.status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "told", "length"),
    [
        ("", 200, None, None),
        ("bytes=0-99", 206, (0, 99), 100),
        ("bytes=100-", 206, (100, None), None),
        ("bytes=-50", 206, (-50, None), 50),
        ("bytes=0-999999999", 206, (0, None), None),
        ("bytes=999999999-", 416, None, 0),
        ("bytes=-0", 416, None, 0),
        ("bytes=5-2", 416, None, 0),
        ("bytes=0-1,5-6", 200, None, None),
        ("lines=1-2", 200, None, None),
        ("bytes=-", 200, None, None),
    ],
)
def test_a_player_gets_the_stretch_that_it_asks_for(
    house: House, asked: str, status: int, told: tuple[int, int | None] | None, length: int | None
) -> None:
    conversation = make_conversation(house)
    file = said(conversation, video(), name="clip.mp4")
    client = as_customer(conversation)
    whole = b"".join(client.get(f"/files/{file.key}/content").streaming_content)

    answer = client.get(f"/files/{file.key}/content", headers={"Range": asked} if asked else {})

    assert answer.status_code == status
    if status == 416:
        assert answer.headers["Content-Range"] == f"bytes */{file.size}"
        return
    body = b"".join(answer.streaming_content)
    start, end = told or (0, None)
    assert body == whole[start : end + 1 if end is not None else None]
    assert answer.headers["Content-Length"] == str(len(body))
    assert length is None or len(body) == length
    if told:
        begins = file.size - 50 if start < 0 else start
        assert answer.headers["Content-Range"] == f"bytes {begins}-{begins + len(body) - 1}/{file.size}"


@pytest.mark.slow
def test_only_those_see_a_file_who_see_its_message(house: House) -> None:
    conversation, elsewhere = make_conversation(house), make_conversation(house)
    key = said(conversation, picture()).key
    paths = [f"/files/{key}/content", f"/files/{key}/small"]

    for client in (
        as_customer(conversation),
        behind_a_link(conversation),
        as_agent(house.mei),
        as_agent(make_agent(house.team, role=Role.AUDITOR)),
    ):
        assert [status(client, path) for path in paths] == [200, 200]
    for mallory in (
        Client(),
        as_somebody(house),
        as_customer(elsewhere),
        behind_a_link(elsewhere),
        as_agent(house.stranger),
        with_cookie(CUSTOMER_COOKIE, "x" * 43),
    ):
        assert [status(mallory, path) for path in paths] == [404, 404]
    for guess in ("0" * 32, "1", key.upper(), f"{key}%00", "..%2f..%2fkeys", key[:2]):
        assert status(as_customer(conversation), f"/files/{guess}/content") == 404


def test_a_notes_file_an_unsaid_one_one_in_check_and_an_erased_one_are_not_the_customers(
    house: House,
) -> None:
    conversation = make_conversation(house)
    customer, desk = as_customer(conversation), as_agent(house.mei)
    note = said(conversation, picture(), by=house.mei, note=True)
    unsaid = send_and_check(conversation, viewer_of(conversation))
    erased = said(conversation, picture())
    Message.objects.filter(pk=erased.message_id).update(erased_at=now())
    checking = send(conversation, viewer_of(conversation))
    say(
        [
            Say(
                conversation_id=conversation.pk,
                by=viewer_of(conversation),
                client_id=make_client_id(),
                content="",
                files=(checking.key,),
            )
        ]
    )

    for file in (note, unsaid, erased, checking):
        assert status(customer, f"/files/{file.key}/content") == 404
    assert status(desk, f"/files/{note.key}/content") == 200
    for file in (unsaid, erased, checking):
        assert status(desk, f"/files/{file.key}/content") == 404


def test_a_supervisors_look_at_a_file_leaves_an_entry_and_an_agents_does_not(house: House) -> None:
    conversation = make_conversation(house)
    key = said(conversation, picture()).key

    status(as_agent(house.mei), f"/files/{key}/content")
    assert not Entry.objects.filter(kind__contains="looked").exists()
    status(as_agent(make_agent(house.team, role=Role.SUPERVISOR)), f"/files/{key}/content")

    assert Entry.objects.filter(kind__contains="looked", conversation_id=conversation.pk).count() == 1
