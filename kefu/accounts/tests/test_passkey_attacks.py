"""What is no passkey of this agent in its owner's hand on our own page opens nothing, and breaks nothing."""

from __future__ import annotations

import json

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from kefu.accounts.actions import close_agent
from kefu.accounts.models import Agent
from kefu.accounts.tests.device import (
    ADD,
    ALONE,
    ALONE_BEGIN,
    BEGIN,
    Device,
    add_passkey,
    browser_at_home,
    sign_in_alone,
)
from kefu.accounts.tests.factories import (
    PASSWORD,
    cookies_of,
    half_sign_in,
    make_agent,
    password_step,
    sign_in,
)
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


@pytest.mark.parametrize(
    "mallory",
    [
        Device(),
        Device(verifies=False),
        Device(origin="https://localhost.mallory.example"),
        Device(origin="https://mallory.example"),
        Device(origin="https://sub.localhost"),
        Device(origin="http://sub.localhost:8000"),
    ],
    ids=["unknown", "unverified", "lookalike", "elsewhere", "subdomain", "subdomain-local"],
)
def test_what_is_not_the_passkey_in_its_owners_hand_on_our_page_is_refused(client, agent, device, mallory):
    if mallory.verifies is False or mallory.origin != "http://localhost:8000":
        mallory.key, mallory.id = device.key, device.id
    mallory.owner = device.owner

    answer = sign_in_alone(client, mallory)

    assert answer.headers["Location"] == "/staff/sign-in/?passkey=refused"
    assert agent_of(cookies_of(client)) is None
    assert kinds()[-1] == "agent.sign_in_failed"


def test_an_answer_to_another_challenge_is_refused(client, agent, device):
    earlier = client.post(ALONE_BEGIN)
    client.post(ALONE_BEGIN)

    client.post(ALONE, {"credential": device.prove(earlier)})

    assert agent_of(cookies_of(client)) is None


def test_an_answer_works_once(client, agent, device):
    credential = device.prove(client.post(ALONE_BEGIN))
    client.post(ALONE, {"credential": credential})
    mallory = browser_at_home()
    mallory.post(ALONE_BEGIN)

    mallory.post(ALONE, {"credential": credential})

    assert agent_of(cookies_of(client)) == agent
    assert agent_of(cookies_of(mallory)) is None


def test_the_challenge_of_one_browser_is_not_answered_in_another(client, agent, device):
    mallory = browser_at_home()

    mallory.post(ALONE, {"credential": device.prove(client.post(ALONE_BEGIN))})

    assert agent_of(cookies_of(mallory)) is None


def test_ones_own_passkey_is_no_second_step_for_somebody_elses_password(client, agent, device):
    victim = make_agent(email="victim@xinghai.example", password=PASSWORD)
    browser = browser_at_home()
    half_sign_in(browser, victim)
    add_passkey(browser, Device())
    password_step(client, victim)

    client.post(CODE, {"credential": device.prove(client.post(CODE_BEGIN))})

    assert agent_of(cookies_of(client)) is None


def test_a_passkey_with_another_owners_name_on_it_is_refused(client, agent, device):
    victim = make_agent(email="victim@xinghai.example", password=PASSWORD)
    device.owner = str(victim.pk).encode()

    sign_in_alone(client, device)

    assert agent_of(cookies_of(client)) is None


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "[]",
        "1",
        "null",
        "{}",
        '"text"',
        "not json",
        '{"response": 1}',
        '{"response": {"clientDataJSON": "!!"}}',
        "[" * 5000,
        json.dumps({"id": "x" * 40_000}),
    ],
)
def test_what_no_device_ever_made_is_refused_and_breaks_nothing(client, agent, device, credential):
    client.post(ALONE_BEGIN)
    assert client.post(ALONE, {"credential": credential}).status_code == 302
    password_step(client, agent)
    client.post(CODE_BEGIN)
    assert client.post(CODE, {"credential": credential}).status_code == 200
    sign_in(client, agent)
    client.post(BEGIN)
    assert client.post(ADD, {"name": "x", "credential": credential}).status_code == 422
    assert Authenticator.objects.filter(type="webauthn").count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("part", ["attestationObject", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("value", ["", "oA", None, {}])
def test_broken_parts_are_refused_and_break_nothing(client, agent, device, part, value):
    sign_in(client, agent)
    made = json.loads(Device().make(client.post(BEGIN)))
    made["response"][part] = value
    expected = {422} if part == "attestationObject" else {422, 302}
    assert client.post(ADD, {"name": "x", "credential": json.dumps(made)}).status_code in expected
    stranger = browser_at_home()
    proof = json.loads(device.prove(stranger.post(ALONE_BEGIN)))
    proof["response"][part] = value

    assert stranger.post(ALONE, {"credential": json.dumps(proof)}).status_code == 302

    assert part == "attestationObject" or agent_of(cookies_of(stranger)) is None


@pytest.mark.parametrize("more", ["a\0b", "half \ud83d"])
def test_a_passkey_is_not_kept_with_what_can_not_be_kept_beside_it(client, agent, more):
    sign_in(client, agent)
    made = json.loads(Device().make(client.post(BEGIN)))

    answer = client.post(ADD, {"name": "x", "credential": json.dumps(made | {"more": more})})

    assert answer.status_code == 422
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_whoever_has_left_does_not_come_in_by_a_passkey(client, agent, device):
    close_agent(agent=agent, by=SYSTEM)

    answer = sign_in_alone(client, device)

    assert answer.headers["Location"] == "/staff/sign-in/?passkey=refused"
    assert agent_of(cookies_of(client)) is None


def test_a_password_alone_adds_no_passkey_where_a_factor_is(client, agent, secret):
    half_sign_in(client, agent)

    for answer in (client.get(ADD), client.post(BEGIN), client.post(ADD, {"credential": "{}"})):
        assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_a_password_alone_adds_no_authenticator_where_a_passkey_is(client, agent, device):
    half_sign_in(client, agent)

    answer = client.get(reverse("mfa_activate_totp"))

    assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))


def test_an_old_proof_adds_no_passkey(client, agent, secret):
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(client, agent)
        clock.shift(11 * 60)

        assert client.get(ADD).headers["Location"].startswith(reverse("mfa_reauthenticate"))
        assert client.post(BEGIN).headers["Location"].startswith(reverse("mfa_reauthenticate"))


def test_a_device_that_asks_for_no_finger_makes_no_passkey(client, agent):
    half_sign_in(client, agent)

    assert add_passkey(client, Device(verifies=False)).status_code == 422
    assert add_passkey(client, Device(origin="https://mallory.example")).status_code == 422
    assert not Authenticator.objects.exists()


def test_somebody_elses_passkey_is_neither_named_nor_removed(client, agent, device):
    mallory = make_agent(password=PASSWORD)
    half_sign_in(client, mallory)
    add_passkey(client, Device())

    for page in ("passkey_name", "passkey_remove"):
        for call in (client.get, client.post):
            assert call(reverse(page, args=[passkey_of(agent).pk])).status_code == 404
    assert passkey_of(agent).wrap().name == "MacBook"
