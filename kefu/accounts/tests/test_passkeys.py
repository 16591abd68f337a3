"""Passkeys: set up after a fresh proof, good as second step and alone, removed but for the last factor."""

from __future__ import annotations

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from kefu.accounts.actions import reset_second_factor
from kefu.accounts.models import Agent
from kefu.accounts.tests.device import (
    ALONE,
    ALONE_BEGIN,
    Device,
    add_passkey,
    browser_at_home,
    sign_in_alone,
)
from kefu.accounts.tests.factories import (
    code_of,
    cookies_of,
    half_sign_in,
    password_step,
    recovery_codes_of,
    sign_in,
)
from kefu.accounts.tests.settings_pages import queries_of
from kefu.accounts.verbs.passkeys import MOST_PASSKEYS
from kefu.accounts.viewers import agent_of
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry

pytestmark = pytest.mark.django_db

CODE = "/staff/sign-in/code/"
CODE_BEGIN = "/staff/sign-in/code/passkey/"
AGAIN = "/staff/again/passkey/"
AGAIN_BEGIN = "/staff/again/passkey/begin/"
SESSIONS = "/staff/sessions/"


@pytest.fixture
def client() -> Client:
    return browser_at_home()


def passkey_of(agent: Agent) -> Authenticator:
    return Authenticator.objects.get(user=agent, type="webauthn")


def kinds() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


def test_a_passkey_completes_the_first_sign_in_and_recovery_codes_come_with_it(client, agent):
    password_step(client, agent)
    mallory = browser_at_home()
    half_sign_in(mallory, agent)

    answer = add_passkey(client, Device())

    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert agent_of(cookies_of(client)) == agent
    assert len(recovery_codes_of(agent)) == 10
    assert passkey_of(agent).wrap().name == "MacBook"
    added = Entry.objects.get(kind="agent.passkey_added")
    assert added.payload == {"passkey_id": passkey_of(agent).pk}
    assert mallory.get(SESSIONS).headers["Location"].startswith("/staff/sign-in/"), "Older sessions ended."


def test_after_the_password_the_passkey_is_the_second_step(client, agent, device):
    step = password_step(client, agent)
    assert step.headers["Location"] == CODE
    assert agent_of(cookies_of(client)) is None

    client.post(CODE, {"credential": device.prove(client.post(CODE_BEGIN))})

    assert agent_of(cookies_of(client)) == agent
    assert Entry.objects.filter(kind="agent.signed_in").latest("pk").payload == {
        "steps": ["password", "second_factor"]
    }


def test_a_passkey_alone_signs_in_and_leads_where_one_wanted_to_go(client, agent, device):
    answer = sign_in_alone(client, device, next=SESSIONS)

    assert answer.headers["Location"] == SESSIONS
    assert agent_of(cookies_of(client)) == agent
    assert client.get(SESSIONS).status_code == 200
    assert Entry.objects.filter(kind="agent.signed_in").latest("pk").payload == {"steps": ["second_factor"]}
    passkey = passkey_of(agent)
    assert passkey.last_used_at is not None


def test_a_passkey_leads_to_no_other_house(client, device):
    assert sign_in_alone(client, device, next="https://mallory.example/").headers["Location"] == "/desk/"


def test_a_recovery_code_stands_in_for_a_passkey(client, agent, device):
    password_step(client, agent)

    client.post(CODE, {"code": recovery_codes_of(agent)[0]})

    assert agent_of(cookies_of(client)) == agent


def test_a_passkey_proves_again_that_it_is_the_same_person(client, agent, device):
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(client, agent)
        clock.shift(11 * 60)
        asked = client.get(reverse("mfa_generate_recovery_codes")).headers["Location"]
        assert asked.startswith(reverse("mfa_reauthenticate"))
        page = client.get(asked).content.decode()
        assert f'action="{AGAIN}"' in page

        wanted = reverse("mfa_generate_recovery_codes")
        answer = client.post(AGAIN, {"credential": device.prove(client.post(AGAIN_BEGIN)), "next": wanted})

        assert answer.headers["Location"] == wanted
        assert client.get(wanted).status_code == 200


def test_a_passkey_that_is_refused_says_so_and_keeps_where_one_wanted_to_go(client, agent, device):
    sign_in(client, agent)

    answer = client.post(AGAIN, {"credential": Device().prove(client.post(AGAIN_BEGIN)), "next": SESSIONS})

    assert answer.headers["Location"] == "/staff/again/?passkey=refused&next=%2Fstaff%2Fsessions%2F"
    page = client.get(answer.headers["Location"], HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "没有通过" in page
    assert Entry.objects.filter(kind="agent.sign_in_failed", subject_id=agent.pk).count() == 1


def test_a_second_passkey_ends_no_session_and_keeps_the_codes(client, agent, device):
    other = browser_at_home()
    sign_in(other, agent)
    sign_in(client, agent)
    codes = recovery_codes_of(agent)

    answer = add_passkey(client, Device(), name=" iPhone  15 ")

    assert answer.headers["Location"] == reverse("mfa_index")
    assert agent_of(cookies_of(other)) == agent
    assert recovery_codes_of(agent) == codes
    page = client.get(reverse("mfa_index")).content.decode()
    assert "MacBook" in page
    assert "iPhone 15" in page


@pytest.mark.slow
def test_nobody_has_passkeys_without_end(client, agent, device):
    sign_in(client, agent)
    for _ in range(MOST_PASSKEYS - 1):
        assert add_passkey(client, Device()).status_code == 302

    assert add_passkey(client, Device()).status_code == 302, (
        "An authenticator app would have its place beside them."
    )
    assert add_passkey(client, Device()).status_code == 422


@pytest.mark.slow
def test_the_list_asks_as_often_for_a_dozen_passkeys_as_for_two(client, agent, device):
    page = reverse("mfa_index")
    sign_in(client, agent)
    add_passkey(client, Device())
    few = queries_of(client, page)
    while Authenticator.objects.filter(user=agent, type="webauthn").count() < MOST_PASSKEYS:
        assert add_passkey(client, Device(), "一把名字很长的钥匙").status_code == 302

    assert queries_of(client, page) == few
    assert client.get(page).content.decode().count("row passkey") == MOST_PASSKEYS


def test_a_passkey_gets_another_name(client, agent, device):
    sign_in(client, agent)
    page = reverse("passkey_name", args=[passkey_of(agent).pk])

    assert client.post(page, {"name": " "}).status_code == 422
    assert client.post(page, {"name": "x" * 61}).status_code == 422
    client.post(page, {"name": "办公室的 Mac"})
    client.post(page, {"name": "办公室的 Mac"})

    assert passkey_of(agent).wrap().name == "办公室的 Mac"
    assert kinds().count("agent.passkey_renamed") == 1
    assert sign_in_alone(browser_at_home(), device).headers["Location"] == "/desk/"


def test_the_last_second_factor_is_not_removed(client, agent, device):
    sign_in(client, agent)
    page = reverse("passkey_remove", args=[passkey_of(agent).pk])

    assert '<button class="button danger' not in client.get(page).content.decode()
    assert client.post(page).status_code == 409

    assert Authenticator.objects.filter(user=agent, type="webauthn").count() == 1


def test_a_removed_passkey_opens_nothing_and_other_sessions_end(client, agent, device):
    other = browser_at_home()
    sign_in(other, agent)
    sign_in(client, agent)
    lost = passkey_of(agent)
    kept = Device()
    add_passkey(client, kept)

    answer = client.post(reverse("passkey_remove", args=[lost.pk]))

    assert answer.headers["Location"] == reverse("mfa_index")
    assert agent_of(cookies_of(client)) == agent
    assert agent_of(cookies_of(other)) is None
    assert kinds()[-1] == "agent.passkey_removed"
    assert sign_in_alone(browser_at_home(), device).headers["Location"] == "/staff/sign-in/?passkey=refused"
    assert sign_in_alone(browser_at_home(), kept).headers["Location"] == "/desk/"


def test_moving_the_phone_leaves_the_passkeys_and_the_codes(client, agent, secret):
    sign_in(client, agent)
    device = Device()
    add_passkey(client, device)
    codes = recovery_codes_of(agent)

    answer = client.post(reverse("mfa_deactivate_totp"))

    assert answer.headers["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert recovery_codes_of(agent) == codes
    assert sign_in_alone(browser_at_home(), device).headers["Location"] == "/desk/"


def test_an_admin_takes_away_lost_passkeys_too(client, agent, device):
    reset_second_factor(agent=agent, by=SYSTEM)

    assert sign_in_alone(client, device).headers["Location"] == "/staff/sign-in/?passkey=refused"
    password_step(client, agent)
    assert client.get(SESSIONS).headers["Location"].startswith(reverse("mfa_activate_totp"))


def test_an_app_and_a_passkey_live_side_by_side(client, agent, secret):
    sign_in(client, agent)
    add_passkey(client, Device())
    browser = browser_at_home()
    password_step(browser, agent)
    page = browser.get(CODE).content.decode()
    assert "data-passkey" in page

    browser.post(CODE, {"code": code_of(secret)})

    assert agent_of(cookies_of(browser)) == agent


def test_looking_at_the_pages_begins_no_ceremony(client, agent, device):
    assert client.get("/staff/sign-in/").status_code == 200
    assert "kefu_staff" not in client.cookies
    assert client.get(ALONE_BEGIN).status_code == 405
    assert client.get(ALONE).status_code == 405
    password_step(client, agent)
    client.get(CODE)
    assert "mfa.webauthn.state" not in client.session
