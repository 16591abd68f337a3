"""The settings page for a person's rights: for admins, who have just said who they are."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.timezone import now

from kefu.accounts.actions import claim_email
from kefu.accounts.models import Agent, Customer, Role
from kefu.accounts.tests.factories import enrol, sign_in
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_agent, make_conversation, make_house

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


def test_the_archive_is_saved_as_a_file(client: Client, admin: Agent, case: Conversation) -> None:
    answer = client.post(page_of(case), {"do": "export"})

    assert answer.headers["Content-Type"] == "application/zip"
    assert f"kefu-customer-{case.customer_id}-" in answer.headers["Content-Disposition"]
    archive = ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert "我的订单" in archive.read("data.json").decode()


def test_erasing_asks_for_the_persons_number(client: Client, admin: Agent, case: Conversation) -> None:
    refused = client.post(page_of(case), {"do": "erase", "number": "0"})
    assert refused.status_code == 400
    assert 'role="alert"' in refused.content.decode()
    assert Customer.objects.get(pk=case.customer_id).erased_at is None

    done = client.post(page_of(case), {"do": "erase", "number": f" {case.customer_id} "}, follow=True)

    assert ADDRESS not in done.content.decode()
    assert 'value="erase"' not in done.content.decode()
    assert Customer.objects.get(pk=case.customer_id).erased_at is not None


def test_whoever_signed_in_long_ago_says_again_who_they_are(
    client: Client, admin: Agent, case: Conversation
) -> None:
    with time_machine.travel(now() + timedelta(hours=2)):
        answer = client.post(page_of(case), {"do": "erase", "number": str(case.customer_id)})

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
