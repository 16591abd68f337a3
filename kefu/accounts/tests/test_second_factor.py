from __future__ import annotations

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from kefu.accounts.tests.factories import (
    code_of,
    cookies_of,
    enrol,
    half_sign_in,
    make_agent,
    password_step,
    recovery_codes_of,
    sign_in,
)
from kefu.accounts.viewers import agent_of
from kefu.journal.models import Entry

pytestmark = pytest.mark.django_db

LOGIN = "/staff/sign-in/"
CODE = "/staff/sign-in/code/"
ENROL = "/staff/second-factor/enrol/"
SESSIONS = "/staff/sessions/"


def test_an_agent_without_a_second_factor_reaches_nothing_but_enrolment(client, agent):
    password_step(client, agent)

    for name in [
        "usersessions_list",
        "mfa_index",
        "password",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
    ]:
        assert client.get(reverse(name)).headers["Location"].startswith(ENROL)
    assert client.post(reverse("sessions_end_others")).headers["Location"] == ENROL
    assert agent_of(cookies_of(client)) is None
    assert client.get(ENROL).status_code == 200


def test_scripts_are_told_by_status_that_they_are_outside(client, agent):
    assert client.get(SESSIONS, HTTP_SEC_FETCH_DEST="empty").status_code == 401
    password_step(client, agent)
    assert client.get(SESSIONS, HTTP_ACCEPT="application/json").status_code == 403


def test_enrolling_completes_the_sign_in_and_shows_the_recovery_codes(client, agent):
    password_step(client, agent)
    secret = client.get(ENROL).context["form"].secret

    answer = client.post(ENROL, {"code": code_of(secret)}, follow=True)

    assert answer.redirect_chain == [(reverse("mfa_view_recovery_codes"), 302)]
    assert all(code in answer.content.decode() for code in recovery_codes_of(agent))
    assert agent_of(cookies_of(client)) == agent
    assert Entry.objects.filter(kind="agent.second_factor_added", actor_id=agent.pk).count() == 1


def test_the_code_that_enrolled_does_not_sign_in(client, agent):
    with time_machine.travel(now(), tick=False):
        password_step(client, agent)
        code = code_of(client.get(ENROL).context["form"].secret)
        client.post(ENROL, {"code": code})
        mallory = Client()
        password_step(mallory, agent)

        mallory.post(CODE, {"code": code})

    assert agent_of(cookies_of(mallory)) is None


def test_the_new_secret_lies_encrypted_in_the_session_and_in_the_database(client, agent):
    password_step(client, agent)
    secret = client.get(ENROL).context["form"].secret
    in_session = str(dict(client.session.items()))

    client.post(ENROL, {"code": code_of(secret)})

    assert secret not in in_session
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_the_square_is_the_same_after_a_reload(client, agent):
    password_step(client, agent)

    assert client.get(ENROL).context["form"].secret == client.get(ENROL).context["form"].secret


def test_a_wrong_code_says_so_and_still_names_the_recovery_codes(client, agent, secret):
    password_step(client, agent)

    page = client.post(CODE, {"code": "000000"}).content.decode()

    assert 'aria-describedby="id_code-state id_code-hint"' in page
    assert 'id="id_code-state"' in page
    assert 'id="id_code-hint"' in page


def test_a_session_from_before_enrolment_does_not_become_whole_by_it(client, agent):
    mallory = Client()
    password_step(mallory, agent)
    password_step(client, agent)
    secret = client.get(ENROL).context["form"].secret

    client.post(ENROL, {"code": code_of(secret)})

    assert agent_of(cookies_of(mallory)) is None
    assert mallory.get(SESSIONS).headers["Location"].startswith(LOGIN)


def test_a_half_session_of_an_enrolled_agent_must_prove_the_factor(client, agent, secret):
    half_sign_in(client, agent)
    again = client.get(SESSIONS).headers["Location"]
    assert again.startswith(reverse("mfa_reauthenticate"))
    assert client.get(ENROL).headers["Location"].startswith(reverse("mfa_reauthenticate"))

    client.post(again, {"code": code_of(secret), "next": SESSIONS})

    assert client.get(SESSIONS).status_code == 200


def test_enrolment_asks_for_the_password_again_when_the_sign_in_is_old(client, agent):
    with time_machine.travel(now(), tick=False) as clock:
        password_step(client, agent)
        clock.shift(11 * 60)

        answer = client.get(ENROL)

    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_an_old_sign_in_of_who_has_a_factor_and_no_password_is_asked_for_the_factor(client, team):
    agent = make_agent()
    secret = enrol(agent)
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(client, agent)
        clock.shift(11 * 60)

        asked = client.get(reverse("passkey_add")).headers["Location"]
        client.post(asked, {"code": code_of(secret), "next": reverse("passkey_add")})

        assert asked.startswith(reverse("mfa_reauthenticate"))
        assert client.get(reverse("passkey_add")).status_code == 200


def test_who_can_prove_nothing_comes_anew_and_the_old_session_ends_for_sockets_too(client, team):
    agent = make_agent()
    with time_machine.travel(now(), tick=False) as clock:
        half_sign_in(client, agent)
        clock.shift(11 * 60)

        answer = client.get(ENROL)

    assert answer.headers["Location"].startswith(LOGIN)
    assert Entry.objects.filter(kind="agent.sessions_ended", subject_id=agent.pk).count() == 1
    assert client.get(SESSIONS).headers["Location"].startswith(LOGIN)


def test_a_password_alone_never_changes_how_an_enrolled_agent_signs_in(client, agent, secret):
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(client, agent)
        clock.shift(11 * 60)

        asked = client.get(reverse("mfa_deactivate_totp")).headers["Location"]
        by_password = client.get(reverse("account_reauthenticate")).headers["Location"]

    assert asked.startswith(reverse("mfa_reauthenticate"))
    assert by_password.startswith(reverse("mfa_reauthenticate"))


def test_moving_to_another_phone_ends_the_old_one_and_leads_to_enrolment(client, agent, secret):
    other = Client()
    sign_in(other, agent)
    sign_in(client, agent)

    answer = client.post(reverse("mfa_deactivate_totp"))

    assert answer.headers["Location"] == ENROL
    assert client.get(SESSIONS).headers["Location"].startswith(ENROL)
    assert client.get(ENROL).status_code == 200
    assert agent_of(cookies_of(other)) is None
    assert not Authenticator.objects.filter(user=agent).exists()
    assert Entry.objects.filter(kind="agent.second_factor_removed", actor_id=agent.pk).count() == 1


def test_new_recovery_codes_replace_the_old_ones(client, agent, secret):
    before = recovery_codes_of(agent)
    sign_in(client, agent)

    client.post(reverse("mfa_generate_recovery_codes"))

    assert not set(before) & set(recovery_codes_of(agent))
    assert Entry.objects.filter(kind="agent.recovery_codes_made").count() == 1
