"""The settings page for a person's rights: for admins, who have just said who they are."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import html5lib
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from kefu.accounts.actions import claim_email, meet_visitor
from kefu.accounts.models import Agent, Customer, Identity, Role
from kefu.accounts.tests.factories import enrol, sign_in
from kefu.accounts.tests.settings_pages import queries_of
from kefu.conversations.actions import resolve
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_agent, make_conversation, make_house, viewer_of
from kefu.safety.guard import as_stored, guard

pytestmark = pytest.mark.django_db

SEARCH = "/desk/settings/privacy/"
ADDRESS = "chen.xiao@mail.example"


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def case(house: House) -> Conversation:
    conversation = make_conversation(house, text="我的订单")
    claim_email(customer=conversation.customer, email=ADDRESS)
    return conversation


@pytest.fixture
def admin(house: House, client: Client) -> Agent:
    agent = make_agent(house.team, "何思恩", role=Role.ADMIN)
    enrol(agent)
    sign_in(client, agent)
    return agent


def page_of(case: Conversation) -> str:
    return f"{SEARCH}{case.customer_id}/"


def test_somebody_is_found_by_a_conversations_number_or_by_address(
    client: Client, admin: Agent, case: Conversation
) -> None:
    for who in (case.ref, case.ref.lower().replace("-", " "), ADDRESS, ADDRESS.upper()):
        answer = client.post(SEARCH, {"who": who})
        assert (answer.status_code, answer.headers["Location"]) == (302, page_of(case))

    page = client.get(page_of(case)).content.decode()
    assert ADDRESS in page
    assert case.ref in page


def test_who_is_not_known_is_said_and_what_was_typed_stays(client: Client, admin: Agent) -> None:
    for who in ("nobody@mail.example", "XH-0000", "<b>", ""):
        answer = client.post(SEARCH, {"who": who})
        assert answer.status_code == 404
        assert 'role="alert"' in answer.content.decode()


def test_all_who_gave_an_address_are_offered(
    house: House, client: Client, admin: Agent, case: Conversation
) -> None:
    other = make_conversation(house).customer
    claim_email(customer=other, email=ADDRESS)

    page = client.post(SEARCH, {"who": ADDRESS}).content.decode()

    assert page_of(case) in page
    assert f"{SEARCH}{other.pk}/" in page


def test_many_who_gave_an_address_cost_no_more_queries_than_two(
    house: House, client: Client, admin: Agent, case: Conversation
) -> None:
    def found() -> int:
        with CaptureQueriesContext(connection) as asked:
            page = client.post(SEARCH, {"who": ADDRESS}).content.decode()
        assert page.count('class="row-title"') == Identity.objects.filter(kind="email").count()
        return len(asked)

    claim_email(customer=make_conversation(house).customer, email=ADDRESS)
    found()
    few = found()
    for _ in range(18):
        claim_email(customer=make_conversation(house).customer, email=ADDRESS)

    assert found() == few


def test_the_page_of_a_person_asks_as_often_for_twenty_conversations_as_for_one(
    house: House, client: Client, admin: Agent, case: Conversation
) -> None:
    few = queries_of(client, page_of(case))
    refs = [make_conversation(house, viewer_of(case)).ref for _ in range(19)]

    assert queries_of(client, page_of(case)) == few
    page = client.get(page_of(case)).content.decode()
    assert all(ref in page for ref in refs)


def test_each_conversation_of_a_person_opens_from_their_page(
    client: Client, admin: Agent, house: House, case: Conversation
) -> None:
    done = make_conversation(house, viewer_of(case))
    resolve(conversation=done, by=house.mei)
    page = html5lib.parse(client.get(page_of(case)).content.decode(), namespaceHTMLElements=False)

    links = {one.text: one.attrib["href"] for one in page.iter("a") if one.text in {case.ref, done.ref}}

    assert links == {case.ref: f"/desk/open/{case.ref}/", done.ref: f"/desk/resolved/{done.ref}/"}
    assert {client.get(link).status_code for link in links.values()} == {200}


def test_the_archive_is_saved_as_a_file(client: Client, admin: Agent, case: Conversation) -> None:
    answer = client.post(page_of(case), {"do": "export"})

    assert answer.headers["Content-Type"] == "application/zip"
    assert f"kefu-customer-{case.customer_id}-" in answer.headers["Content-Disposition"]
    archive = ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert "我的订单" in archive.read("data.json").decode()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Nguyễn Minh Anh", " nguyễn minh anh "),
        ("陈屿", "陈 屿"),
        ("ＡＣＭＥ", "acme"),
        ("阮明英（Nguyễn Minh Anh），家里人都这样叫我，名字很长很长很长很长很长很长", ""),
    ],
)
def test_erasing_asks_for_the_persons_name(
    client: Client, admin: Agent, case: Conversation, name: str, typed: str
) -> None:
    Customer.objects.filter(pk=case.customer_id).update(name=guard(name))

    for wrong in ("", str(case.customer_id), name[:-1], case.ref):
        refused = client.post(page_of(case), {"do": "erase", "called": wrong})
        assert refused.status_code == 400
        assert 'role="alert"' in refused.content.decode()
        assert f'value="{wrong}"' in refused.content.decode()
    assert Customer.objects.get(pk=case.customer_id).erased_at is None

    done = client.post(page_of(case), {"do": "erase", "called": typed or name}, follow=True)

    assert ADDRESS not in done.content.decode()
    assert 'value="erase"' not in done.content.decode()
    assert Customer.objects.get(pk=case.customer_id).erased_at is not None


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("访客 {}", "输入「访客 {}」确认")),
        ("zh-hant", ("訪客 {}", "輸入「訪客 {}」確認")),
        ("en", ("Visitor {}", "Type “Visitor {}” to confirm")),
    ],
)
def test_whoever_has_no_name_is_called_as_at_the_desk(
    client: Client, case: Conversation, admin: Agent, language: str, words: tuple[str, str]
) -> None:
    Agent.objects.filter(pk=admin.pk).update(language=language)
    visitor, label = (one.format(case.ref[-6:-2]) for one in words)

    for name in ("", "1", " \u200b "):
        Customer.objects.filter(pk=case.customer_id).update(name=as_stored(name))
        assert label in client.get(page_of(case)).content.decode()
        assert client.post(page_of(case), {"do": "erase", "called": name}).status_code == 400

    done = client.post(page_of(case), {"do": "erase", "called": visitor.lower()})
    assert done.status_code == 302
    assert Customer.objects.get(pk=case.customer_id).erased_at is not None


def test_somebody_who_never_asked_is_called_by_a_word_and_a_number(
    house: House, client: Client, admin: Agent
) -> None:
    silent = meet_visitor(brand=house.brand, language="en").customer

    page = client.get(f"{SEARCH}{silent.pk}/").content.decode()

    assert f"输入「访客 {silent.pk}」确认" in page


def test_whoever_signed_in_long_ago_says_again_who_they_are(
    client: Client, admin: Agent, case: Conversation
) -> None:
    with time_machine.travel(now() + timedelta(hours=2)):
        answer = client.post(page_of(case), {"do": "erase", "called": f"访客 {case.ref[-6:-2]}"})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/staff/again/")
    assert Customer.objects.get(pk=case.customer_id).erased_at is None


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_mallory_on_the_staff_is_refused(house: House, case: Conversation, role: Role) -> None:
    mallory, browser = make_agent(house.team, role=role), Client()
    enrol(mallory)
    sign_in(browser, mallory)

    for path in (SEARCH, page_of(case)):
        assert browser.get(path).status_code == 403
        assert browser.post(path, {"do": "export", "who": ADDRESS}).status_code == 403


def test_who_is_not_signed_in_gets_nothing(case: Conversation) -> None:
    for path in (SEARCH, page_of(case)):
        assert Client().get(path).status_code == 302


def test_the_console_hands_out_and_erases(case: Conversation, tmp_path: Path) -> None:
    file = tmp_path / "person.zip"
    call_command("customer_export", case.ref, str(file))
    assert ZipFile(file).namelist()
    assert file.stat().st_mode & 0o777 == 0o600

    with pytest.raises(CommandError, match="can't be written"):
        call_command("customer_export", case.ref, str(file))
    with pytest.raises(CommandError, match="Nothing was done"):
        call_command("customer_erase", str(case.customer_id))
    with pytest.raises(CommandError, match="no conversation and no person"):
        call_command("customer_erase", "XH-0000")
    assert Customer.objects.get(pk=case.customer_id).erased_at is None

    call_command("customer_erase", str(case.customer_id), "--yes")
    assert Customer.objects.get(pk=case.customer_id).erased_at is not None
