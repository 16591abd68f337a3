"""Staff get letters about how they come in: with links that work, or none at all when there is nothing left to say."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kefu.accounts.actions import (
    ask_for_password_reset,
    choose_password,
    close_agent,
    invite,
    send_invitation_again,
    withdraw_invitation,
)
from kefu.accounts.models import Agent, Invitation, Role
from kefu.accounts.tests.factories import CHINESE, PASSWORD, make_agent, make_team
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.mailroom.models import Letter
from kefu.mailroom.notices import follow
from kefu.mailroom.staff_notices import FOLLOWED
from kefu.mailroom.tests.factories import a_brand, run_letters
from kefu.mailroom.tests.sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "zhou.ning@xinghai.example"


@pytest.fixture
def sink(settings):
    with Sink() as sink:
        settings.MAIL_SERVER = sink.at
        yield sink


@pytest.fixture
def agent(sink) -> Agent:
    a_brand()
    return make_agent(email="lin.jiahe@xinghai.example", password=PASSWORD, language="zh-hans")


def invited(*, language: str = "zh-hans", by: Agent | None = None) -> Invitation:
    return invite(
        by=by or SYSTEM,
        email=ADDRESS,
        name=CHINESE,
        role=Role.LEAD,
        teams=[make_team()],
        brands=[a_brand()],
        language=language,
    )


def let_the_house_work() -> None:
    """Listeners, each entry twice, and the postman."""
    for entry in Entry.objects.filter(kind__in=FOLLOWED).order_by("pk"):
        follow(entry)
        follow(entry)
    run_letters()


def link_in(letter) -> str:
    found = re.search(r"http://localhost:8000(/staff/\S+)", letter.part("plain"))
    assert found is not None
    assert found[1] in letter.part("html")
    return found[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("zh-hans", "邀请你加入星海 Exchange 的客服工作台", "陈柏宇邀请你加入"),
        ("zh-hant", "邀請你加入星海 Exchange 的客服工作台", "角色是組長"),
        ("en", "You are invited to the support desk of 星海 Exchange", "as team lead"),
    ],
)
def test_an_invitation_comes_by_letter_once_and_its_link_opens(sink, language, subject, said):
    a_brand()
    invited(language=language, by=make_agent("陈柏宇", role=Role.ADMIN))

    let_the_house_work()

    [letter] = sink.taken
    assert (letter.recipient, str(letter.message["Subject"])) == (ADDRESS, subject)
    assert said in letter.part("plain")
    assert said in letter.part("html")
    assert Client().get(link_in(letter)).status_code == 200


@pytest.mark.slow
def test_the_code_of_an_invitation_tells_anybody_that_it_is_ours(sink, client):
    invited()
    let_the_house_work()

    page = client.get("/en/check/", {"code": Letter.objects.get().code}).content.decode()

    assert "We sent this letter" in page
    assert "An invitation to the support desk" in page
    assert ADDRESS not in page


@pytest.mark.slow
def test_sent_again_another_letter_comes_and_the_first_link_is_over(sink):
    invitation = invited()
    let_the_house_work()
    send_invitation_again(by=SYSTEM, invitation=invitation)
    let_the_house_work()

    first, second = sink.taken
    assert Client().get(link_in(first)).status_code == 410
    assert Client().get(link_in(second)).status_code == 200


def test_what_was_withdrawn_before_the_letter_could_leave_is_not_sent(sink):
    invitation = invited()
    follow(Entry.objects.get(kind="agent.invited"))
    withdraw_invitation(by=SYSTEM, invitation=invitation)

    run_letters()

    assert (sink.taken, Letter.objects.get().state) == ([], "withdrawn")


def test_without_a_mail_server_no_invitation_waits_for_one(settings):
    settings.MAIL_SERVER = None
    invited()

    let_the_house_work()

    assert not Letter.objects.exists()


def test_a_forgotten_password_brings_a_link_to_its_agent_and_nobody_else(sink, agent):
    ask_for_password_reset(email=agent.email, brand=a_brand())
    ask_for_password_reset(email="nobody@xinghai.example", brand=a_brand())

    let_the_house_work()

    [letter] = sink.taken
    assert letter.recipient == agent.email
    assert str(letter.message["Subject"]) == "设置星海 Exchange 客服工作台的新密码"
    page = Client().post(link_in(letter), {"password": "a new long password", "again": "a new long password"})
    assert page.status_code == 200
    agent.refresh_from_db()
    assert agent.check_password("a new long password")


def test_a_changed_password_is_told_without_any_link(sink, agent):
    choose_password(agent=agent, password="a new long password")

    let_the_house_work()

    [letter] = sink.taken
    assert str(letter.message["Subject"]) == "你在星海 Exchange 客服工作台的密码已更改"
    assert "http" not in letter.part("plain")
    assert "href" not in letter.part("html")


def test_whoever_has_left_gets_no_letter(sink, agent):
    ask_for_password_reset(email=agent.email, brand=a_brand())
    choose_password(agent=agent, password="a new long password")
    close_agent(agent=agent, by=SYSTEM)

    let_the_house_work()

    assert sink.taken == []


def test_letters_keep_neither_token_nor_address_in_the_clear(sink, agent):
    invited()
    let_the_house_work()

    token = link_in(sink.taken[0]).split("/")[-2]
    kept = str(list(Letter.objects.values())) + str(list(Invitation.objects.values("hashes")))
    assert token not in kept
    assert Letter.objects.get().words == ""
