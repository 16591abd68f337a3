from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from kefu.accounts import announcing
from kefu.accounts.models import Invitation, InvitationState, Role
from kefu.accounts.tests.factories import CHINESE, make_agent, make_other_brand, make_team

pytestmark = pytest.mark.django_db

ADDRESS = "zhou.ning@xinghai.example"


def console(*words: str) -> str:
    out = StringIO()
    call_command("agent_invite", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "_ways", [lambda _brand: True])


@pytest.fixture
def no_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "_ways", [])


def test_the_console_invites_and_prints_no_link_where_mail_leaves(team, letters):
    out = console(ADDRESS, "--name", CHINESE, "--role", "lead", "--team", "accounts", "--language", "en")

    invitation = Invitation.objects.get()
    assert (invitation.name, invitation.role, invitation.language) == (CHINESE, Role.LEAD, "en")
    assert list(invitation.teams.all()) == [team]
    assert f"A mail with a link goes to {ADDRESS}" in out
    assert "/staff/" not in out


def test_where_no_mail_leaves_the_link_is_printed_and_opens(team, no_letters):
    out = console(ADDRESS, "--name", CHINESE, "--team", "accounts", "--url", "https://help.example/")

    path = out.partition("https://help.example")[2].strip()
    assert Client().get(path).status_code == 200


def test_the_console_sends_again_and_withdraws(team, no_letters):
    first = console(ADDRESS, "--name", CHINESE, "--team", "accounts").partition("http://localhost:8000")[2]
    second = console(ADDRESS.upper(), "--again").partition("http://localhost:8000")[2]

    assert Client().get(first.strip()).status_code == 410
    assert Client().get(second.strip()).status_code == 200
    assert "Withdrawn" in console(ADDRESS, "--withdraw")
    assert Client().get(second.strip()).status_code == 410
    assert Invitation.objects.get().state == InvitationState.WITHDRAWN


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["taken@xinghai.example", "--name", "N"], "exists already"),
        (["invited@xinghai.example", "--name", "N"], "is invited already; use --again"),
        (["nonsense", "--name", "N"], "nonsense is not an e-mail address"),
        ([f"{'m' * 255}@xinghai.example", "--name", "N"], "at most 254 characters; this one has 271"),
        ([f"{'m' * 255}@xinghai.example", "--again"], "at most 254 characters; this one has 271"),
        (["new@xinghai.example"], "Say --name"),
        (["new@xinghai.example", "--name", " "], "Say --name"),
        (["new@xinghai.example", "--name", "长" * 81], "at most 80 characters; this one has 81"),
        (["new@xinghai.example", "--name", "N", "--team", "accounts"], "Several brands"),
        (["new@xinghai.example", "--again"], "has no invitation that is waiting"),
        (["new@xinghai.example", "--withdraw"], "has no invitation that is waiting"),
    ],
)
def test_the_console_says_what_is_wrong(team, letters, words, says):
    make_agent(email="taken@xinghai.example")
    console("invited@xinghai.example", "--name", "N")
    make_team(make_other_brand())

    with pytest.raises(CommandError, match=says):
        console(*words)


def test_before_there_is_a_brand_the_console_says_what_comes_first(db, letters):
    with pytest.raises(CommandError, match="brand add"):
        console(ADDRESS, "--name", CHINESE, "--role", "admin")
