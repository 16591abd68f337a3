"""The page behind an invitation: it shows, asks, and lets one person in as far as the second step."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from django.urls import reverse

from kefu.accounts import announcing
from kefu.accounts.actions import (
    InvitationRefused,
    LettersLeave,
    add_agent,
    invite,
    mint_invitation,
    send_invitation_again,
    show_invitation_link,
    withdraw_invitation,
)
from kefu.accounts.models import Agent, Invitation, Role
from kefu.accounts.policy import Refused
from kefu.accounts.tests.factories import (
    CHINESE,
    PASSWORD,
    code_of,
    cookies_of,
    make_agent,
    make_staff,
    make_team,
    sign_in,
)
from kefu.accounts.viewers import agent_of
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry

pytestmark = pytest.mark.django_db

ADDRESS = "zhou.ning@xinghai.example"
ENROL = "/staff/second-factor/enrol/"


@pytest.fixture
def admin(team) -> Agent:
    return make_agent("陈柏宇", role=Role.ADMIN, teams=[team])


@pytest.fixture
def invitation(admin, team, brand) -> Invitation:
    return invite(
        by=admin,
        email=ADDRESS,
        name=CHINESE,
        role=Role.LEAD,
        teams=[team],
        brands=[brand],
        language="en",
    )


def link_of(invitation: Invitation) -> str:
    token = mint_invitation(invitation_id=invitation.pk)
    assert token is not None
    return reverse("invitation", args=[invitation.pk, token])


def answers(**values: str) -> dict[str, str]:
    given = {"name": "Zhou Ning 周宁", "language": "zh-hant", "password": PASSWORD, "again": PASSWORD}
    return given | values


def test_the_page_says_who_invites_as_what_and_has_the_name_filled_in(client, invitation):
    page = client.get(link_of(invitation)).content.decode()

    assert "陈柏宇 has kept a place for you" in page
    assert ADDRESS in page
    assert "team lead" in page
    assert f'value="{CHINESE}"' in page


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_the_link_changes_nothing(client, invitation, method):
    link = link_of(invitation)
    before = list(Invitation.objects.values()), Entry.objects.count(), Agent.objects.count()

    for _ in range(3):
        assert getattr(client, method)(link).status_code == 200

    assert (list(Invitation.objects.values()), Entry.objects.count(), Agent.objects.count()) == before
    assert set(client.cookies) <= {"kefu_csrf"}


def test_nothing_of_the_link_travels_on(client, invitation):
    for answer in (client.get(link_of(invitation)), client.get(f"/staff/invitation/{invitation.pk}/guess/")):
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_token_stands_in_no_log(client, invitation, caplog):
    link = link_of(invitation)
    with caplog.at_level(logging.DEBUG):
        client.get(link)
        client.post(link, answers(again="other"))
        withdraw_invitation(by=SYSTEM, invitation=invitation)
        client.get(link)

    from kefu.config.logs import JsonLine

    written = "\n".join(
        JsonLine().format(record) for record in caplog.records if not record.name.startswith("django.db")
    )
    assert link.split("/")[-2] not in written


def test_who_comes_in_reaches_nothing_but_the_second_step_and_then_the_desk(client, invitation):
    answer = client.post(link_of(invitation), answers(), follow=True)

    assert answer.redirect_chain[-1][0].startswith(ENROL)
    agent = Agent.objects.get(email=ADDRESS)
    assert agent_of(cookies_of(client)) is None
    assert (agent.name, agent.language, agent.role) == ("Zhou Ning 周宁", "zh-hant", Role.LEAD)
    client.post(ENROL, {"code": code_of(client.get(ENROL).context["form"].secret)})
    assert agent_of(cookies_of(client)) == agent
    assert list(Entry.objects.filter(kind="agent.signed_in").values_list("payload", flat=True)) == [
        {"steps": ["link"]}
    ]


def test_an_admin_who_tries_the_link_in_their_own_browser_becomes_the_new_one(client, invitation, admin):
    sign_in(client, admin)

    client.post(link_of(invitation), answers())

    assert int(client.session["_auth_user_id"]) == Agent.objects.get(email=ADDRESS).pk
    assert agent_of(cookies_of(client)) is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "zhou.ning@xinghai", "again": "zhou.ning@xinghai"}, "password"),
        ({"again": "another one"}, "again"),
        ({"name": "  "}, "name"),
        ({"name": "周" * 81}, "name"),
        ({"language": "fr"}, "language"),
    ],
)
def test_what_is_not_good_is_said_and_the_name_stays(client, invitation, wrong, field):
    answer = client.post(link_of(invitation), answers(**wrong))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    if "name" not in wrong:
        assert "Zhou Ning 周宁" in answer.content.decode()
    assert not Agent.objects.filter(email=ADDRESS).exists()


def test_a_link_that_is_over_says_why(client, invitation, admin):
    link = link_of(invitation)
    send_invitation_again(by=admin, invitation=invitation)
    newer = link_of(invitation)
    assert "a newer mail has replaced it" in client.get(link, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    Client().post(newer, answers())

    answer = client.get(newer, HTTP_ACCEPT_LANGUAGE="en")

    assert answer.status_code == 410
    assert "There is an account with this address already" in answer.content.decode()
    again = client.post(newer, answers(password="a password of Mallory", again="a password of Mallory"))
    assert again.status_code == 410
    assert Agent.objects.get(email=ADDRESS).check_password(PASSWORD)


def test_who_was_added_meanwhile_is_told_to_sign_in(client, invitation, team):
    link = link_of(invitation)
    add_agent(email=ADDRESS, name=CHINESE, role=Role.AGENT, teams=[team], by=SYSTEM)

    assert client.post(link, answers()).status_code == 410
    assert Agent.objects.get(email=ADDRESS).role == Role.AGENT


def test_where_no_letter_leaves_the_admin_has_the_link_once(client, invitation, admin, monkeypatch):
    monkeypatch.setattr(announcing, "_ways", [])

    link = show_invitation_link(by=admin, invitation=invitation)

    assert client.get(link).status_code == 200
    assert Entry.objects.filter(kind="agent.invitation_link_shown", actor_id=admin.pk).count() == 1
    withdraw_invitation(by=admin, invitation=invitation)
    with pytest.raises(InvitationRefused):
        show_invitation_link(by=admin, invitation=invitation)


def test_nobody_else_has_the_link(invitation, monkeypatch):
    monkeypatch.setattr(announcing, "_ways", [])
    staff = make_staff(make_team())

    for role in (Role.AGENT, Role.LEAD, Role.SUPERVISOR, Role.AUDITOR):
        with pytest.raises(Refused):
            show_invitation_link(by=staff[role], invitation=invitation)


def test_where_letters_leave_not_even_the_admin_has_the_link(invitation, admin, monkeypatch):
    monkeypatch.setattr(announcing, "_ways", [lambda _brand: True])

    with pytest.raises(LettersLeave):
        show_invitation_link(by=admin, invitation=invitation)
    assert Invitation.objects.get().hashes == []
