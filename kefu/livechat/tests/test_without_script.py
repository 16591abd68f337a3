"""The chat without script: ask, read, answer again, rate; what was typed is never lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer
from kefu.cases.models import CaseFile
from kefu.conversations import upload_limits
from kefu.conversations.actions import Denied, Unknown, make_private_link, resolve, say
from kefu.conversations.models import Attachment, Conversation, Message, Participant, Rating
from kefu.conversations.tests.factories import (
    House,
    make_client_id,
    make_conversation,
    make_house,
    make_viewer,
    reply_to,
    viewer_of,
)
from kefu.conversations.verbs.checking import look_at_file
from kefu.livechat import views, without_script
from kefu.livechat.form_files import PIECE
from kefu.livechat.tests.factories import sign_in
from kefu.safety.limits import Limit
from kefu.safety.tests.files import PDF, SVG, picture

pytestmark = pytest.mark.django_db

START = "/en/chat/plain/"


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def own(house: House, client: Client) -> Conversation:
    conversation = make_conversation(house)
    sign_in(client, Customer.objects.get(pk=conversation.customer_id))
    return conversation


def question(**changes: Any) -> dict[str, Any]:
    return {
        "topic": "account",
        "text": "昨晚充的还没到账",
        "client_id": make_client_id(),
        "email": "",
    } | changes


def talk(conversation: Conversation, verb: str = "") -> str:
    return f"{START}{conversation.ref}/{verb}"


def words(client: Client, conversation: Conversation) -> str:
    return client.get(talk(conversation)).content.decode()


def with_file(client: Client, conversation: Conversation, content: bytes, name: str, **changes: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(
        talk(conversation), {"text": "", "client_id": make_client_id(), "file": file} | changes
    )


def test_one_file_goes_with_a_message_or_without_words_and_twice_is_one(
    own: Conversation, client: Client
) -> None:
    client_id = make_client_id()

    first = with_file(client, own, PDF, "对账单.pdf", client_id=client_id)
    again = with_file(client, own, PDF, "对账单.pdf", client_id=client_id)
    with_file(client, own, picture(), "shot.png", text="看图")

    assert (first.status_code, again.status_code) == (302, 302)
    assert list(Attachment.objects.order_by("pk").values_list("name", flat=True)) == [
        "对账单.pdf",
        "shot.png",
    ]
    assert Message.objects.filter(file_count=1).count() == 2
    shown = words(client, own)
    assert "对账单.pdf" in shown
    assert "Being checked" in shown
    look_at_file(attachment_id=Attachment.objects.latest("pk").pk)
    assert f"/files/{Attachment.objects.latest('pk').key}/small" in words(client, own)


@pytest.mark.parametrize(
    ("content", "told"),
    [(SVG, "We take pictures, PDF, text and video only."), (b"", "This file is empty.")],
    ids=["svg", "empty"],
)
def test_a_refused_file_is_told_why_and_the_words_stay(
    own: Conversation, client: Client, content: bytes, told: str
) -> None:
    before = Message.objects.count()

    answer = with_file(client, own, content, "a.png", text="我的问题")

    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert "我的问题</textarea>" in answer.content.decode()
    assert Message.objects.count() == before


@pytest.mark.parametrize(
    ("name", "times"),
    [("BEGUN_BY_ONE", 1), ("BEGUN_IN_NETWORK", 1), ("PIECES_OF_ONE", 3), ("PIECES_IN_NETWORK", 3)],
)
def test_too_many_files_are_told_to_wait_as_with_script(
    own: Conversation, client: Client, monkeypatch: pytest.MonkeyPatch, name: str, times: int
) -> None:
    """Each has two pieces by its size."""
    content = PDF + bytes(PIECE)
    monkeypatch.setattr(upload_limits, name, Limit(f"test.{name}", times, timedelta(days=1)))
    assert with_file(client, own, content, "a.pdf").status_code == 302

    answer = with_file(client, own, content, "b.pdf", text="我的问题")

    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    assert "我的问题</textarea>" in answer.content.decode()
    assert Attachment.objects.count() == 1
    assert client.post(talk(own), {"text": "只有字", "client_id": make_client_id()}).status_code == 302


def test_somebody_else_sends_no_file_here(house: House, own: Conversation, client: Client) -> None:
    mallory = make_conversation(house)
    sign_in(client, Customer.objects.get(pk=mallory.customer_id))

    assert with_file(client, own, PDF, "a.pdf").status_code == 404
    assert not Attachment.objects.exists()


def test_a_first_question_leads_to_its_own_page(house: House, client: Client) -> None:
    assert CUSTOMER_COOKIE not in client.get(START).cookies

    answer = client.post(START, question(text="第一行\r\n第二行"))

    conversation = Conversation.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, talk(conversation))
    assert answer.cookies[CUSTOMER_COOKIE]["httponly"]
    assert Message.objects.get().text == "第一行\n第二行"
    assert "第一行<br>第二行" in words(client, conversation)


def test_the_same_form_sent_twice_is_one_question(house: House, client: Client) -> None:
    asked = question()

    answers = [client.post(START, asked) for _ in range(2)]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"topic": ""}, "Choose what it is about."),
        ({"topic": "nothing"}, "Choose what it is about."),
        ({"text": "  "}, "Write your question first."),
        ({"text": "长" * 8001}, "longer than 8,000 characters"),
        ({"email": "nobody"}, "not a complete e-mail address"),
        ({"client_id": "<b>"}, "could not read that"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    house: House, client: Client, changes: dict[str, str], sentence: str
) -> None:
    asked = question(**changes)

    answer = client.post(START, asked)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert asked["text"] in page
    assert asked["email"] in page
    assert not Conversation.objects.exists()


def test_the_topic_that_a_page_names_is_chosen_already(house: House, client: Client) -> None:
    page = client.get(f"{START}?topic=account").content.decode()

    assert re.search(r'value="account" required checked', page)


@pytest.mark.parametrize(
    ("query", "filed"),
    [
        ("?topic=account&issue=kyc", ["kyc"]),
        ("?topic=trading&issue=kyc", []),
        ("?topic=account&issue=" + "x" * 80, []),
        ("", []),
    ],
)
def test_the_kind_of_problem_that_a_page_names_is_kept_unless_another_topic_is_chosen(
    house: House, client: Client, query: str, filed: list[str]
) -> None:
    client.post(f"{START}{query}", question())

    assert Conversation.objects.exists()
    assert [file.issue_type for file in CaseFile.objects.all()] == filed


def test_too_many_questions_are_told_to_wait_with_all_that_was_typed(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "FROM_ADDRESS", Limit("test.address", 1, views.FROM_ADDRESS.per))
    client.post(START, question())

    answer = client.post(START, question(text="又一个问题"))

    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    assert "又一个问题" in answer.content.decode()


def test_an_answer_stands_on_the_page_and_can_be_answered(
    house: House, client: Client, own: Conversation
) -> None:
    say([reply_to(own, house.mei, "已经到账了")])
    assert "已经到账了" in words(client, own)
    assert Participant.objects.get(conversation=own, customer__isnull=False).seen_seq == 0

    seen = re.search(r'name="seen" value="(\d+)"', words(client, own))
    assert seen
    answer = client.post(talk(own), {"text": "谢谢", "client_id": make_client_id(), "seen": seen[1]})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{talk(own)}#end")
    assert "谢谢" in words(client, own)
    # Whoever answers has read what stood above the box.
    assert Participant.objects.get(conversation=own, customer__isnull=False).seen_seq == int(seen[1])


def test_the_same_words_sent_twice_are_said_once_and_others_with_the_same_id_are_kept(
    client: Client, own: Conversation
) -> None:
    said = {"text": "谢谢", "client_id": make_client_id()}
    for _ in range(2):
        assert client.post(talk(own), said).status_code == 302
    assert Message.objects.filter(text="谢谢").count() == 1

    answer = client.post(talk(own), said | {"text": "不对，等一下"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert ">不对，等一下</textarea>" in page
    assert said["client_id"] not in page


@pytest.mark.parametrize("text", ["", " \n ", "长" * 8001])
def test_a_message_that_cannot_be_taken_is_refused_in_words(
    client: Client, own: Conversation, text: str
) -> None:
    answer = client.post(talk(own), {"text": text, "client_id": make_client_id()})

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert Message.objects.count() == 1


def test_a_secret_is_removed_and_said_so(client: Client, own: Conversation) -> None:
    client.post(talk(own), {"text": "我的密码: hunter2hunter2", "client_id": make_client_id()})

    page = words(client, own)
    assert "hunter2" not in page
    assert "did not keep it" in page


def test_it_is_rated_with_words_when_it_is_resolved(house: House, client: Client, own: Conversation) -> None:
    assert "Is it solved?" not in words(client, own)
    resolve(conversation=own, by=house.mei)
    assert "Is it solved?" in words(client, own)

    assert client.post(talk(own, "rate/"), {"verdict": "solved", "words": "很快"}).status_code == 302

    assert Rating.objects.values_list("verdict", "words").get() == ("solved", "很快")
    page = words(client, own)
    assert 'value="solved" aria-pressed="true"' in page
    assert "You said that it is solved." in page


@pytest.mark.parametrize(
    ("values", "status"),
    [({"verdict": "great", "words": "话"}, 400), ({"verdict": "solved", "words": "长" * 1001}, 400)],
)
def test_a_rating_that_cannot_be_taken_keeps_its_words(
    house: House, client: Client, own: Conversation, values: dict[str, str], status: int
) -> None:
    resolve(conversation=own, by=house.mei)

    answer = client.post(talk(own, "rate/"), values)

    assert answer.status_code == status
    assert f">{values['words']}</textarea>" in answer.content.decode()
    assert not Rating.objects.exists()


def test_what_is_open_again_cannot_be_rated(house: House, client: Client, own: Conversation) -> None:
    resolve(conversation=own, by=house.mei)
    assert client.post(talk(own, "reopen/")).status_code == 302

    answer = client.post(talk(own, "rate/"), {"verdict": "solved", "words": "话"})

    assert answer.status_code == 409
    assert ">话</textarea>" in answer.content.decode()


def test_a_private_link_is_shown_once_and_in_no_address(client: Client, own: Conversation) -> None:
    answer = client.post(talk(own, "link/"))

    found = re.search(r'value="(http://testserver/en/chat/link/[\w-]+/)"', answer.content.decode())
    assert found
    follower = Client()
    assert follower.get(found[1]).status_code == 302
    assert "A private link opened this" in words(follower, own)


def test_a_long_thread_is_read_in_parts(house: House, client: Client, own: Conversation) -> None:
    for number in range(110):
        say([reply_to(own, house.mei, f"第 {number} 条")])
    latest = words(client, own)
    assert "第 109 条" in latest
    assert "第 3 条" not in latest

    before = re.search(r'href="([^"?]*\?before=\d+)"', latest)
    assert before
    earlier = client.get(before[1]).content.decode()
    assert "第 3 条" in earlier
    assert "Back to the newest messages" in earlier
    assert client.get(f"{talk(own)}?before=x").status_code == 200


@pytest.mark.slow
def test_mallory_gets_no_page_and_no_form(house: House, own: Conversation) -> None:
    mallory, holder = Client(), Client()
    sign_in(mallory, Customer.objects.get(pk=make_viewer(house).customer_id))
    other = make_conversation(house)
    token = make_private_link(conversation=other, viewer=viewer_of(other))
    holder.get(f"/en/chat/link/{token}/")

    for browser in (mallory, holder, Client()):
        assert browser.get(talk(own)).status_code == 404
        assert browser.post(talk(own), {"text": "x", "client_id": make_client_id()}).status_code == 404
        for verb in ("rate/", "reopen/", "link/"):
            assert browser.post(talk(own, verb), {"verdict": "solved"}).status_code == 404
    assert Client().get(f"{START}nonsense/").status_code == 404
    assert Message.objects.filter(conversation=own).count() == 1


def test_a_form_of_another_site_is_refused(house: House, own: Conversation) -> None:
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, Customer.objects.get(pk=own.customer_id))

    for path in (START, talk(own), talk(own, "rate/"), talk(own, "reopen/"), talk(own, "link/")):
        assert browser.post(path, question()).status_code == 403


def test_too_many_messages_are_told_to_wait(
    client: Client, own: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(without_script, "SAID", Limit("test.said", 1, without_script.SAID.per))
    client.post(talk(own), {"text": "一", "client_id": make_client_id()})

    answer = client.post(talk(own), {"text": "二", "client_id": make_client_id()})

    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    assert ">二</textarea>" in answer.content.decode()


def test_the_chat_page_leads_here_without_script(client: Client, own: Conversation) -> None:
    page = client.get("/en/chat/").content.decode()
    asked = client.get("/en/chat/?new=1&topic=account").content.decode()

    assert f'<noscript><meta http-equiv="refresh" content="0; url={talk(own)}#end"></noscript>' in page
    assert f"url={START}?topic=account" in asked


@pytest.mark.parametrize("refusal", [Unknown(), Denied()])
def test_what_is_not_theirs_any_more_is_not_taken_for_said(
    client: Client, own: Conversation, monkeypatch: pytest.MonkeyPatch, refusal: Denied
) -> None:
    monkeypatch.setattr(without_script.actions, "say", lambda _: [refusal])

    answer = client.post(talk(own), {"text": "还在吗", "client_id": make_client_id()})

    assert answer.status_code == 404
