from __future__ import annotations

from importlib import import_module

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import now

from kefu.accounts.actions import close_agent
from kefu.accounts.models import Agent
from kefu.accounts.tests.factories import (
    PASSWORD,
    code_of,
    cookies_of,
    enrol,
    make_agent,
    password_step,
    recovery_codes_of,
    sign_in,
)
from kefu.accounts.viewers import agent_of
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry

pytestmark = pytest.mark.django_db

LOGIN = "/staff/sign-in/"
CODE = "/staff/sign-in/code/"
ENROL = "/staff/second-factor/enrol/"
SESSIONS = "/staff/sessions/"


def test_a_password_alone_leads_to_the_second_step_and_nowhere_else(client, agent, secret):
    answer = password_step(client, agent)

    assert answer.headers["Location"] == CODE
    assert client.get(SESSIONS).headers["Location"].startswith(LOGIN)
    assert agent_of(cookies_of(client)) is None


def test_password_and_code_let_an_agent_in(client, agent, secret):
    password_step(client, agent)

    answer = client.post(CODE, {"code": code_of(secret)})

    assert answer.headers["Location"] == "/desk/"
    assert agent_of(cookies_of(client)) == agent
    signed_in = Entry.objects.get(kind="agent.signed_in")
    assert (signed_in.actor_id, signed_in.payload) == (agent.pk, {"steps": ["password", "second_factor"]})


@pytest.mark.parametrize("typed", ["Lin@星海.example", "lin@xn--kiv86n.example"])
def test_an_address_in_another_script_signs_in_as_it_is_typed(client, team, typed):
    make_agent(teams=[team], email="lin@xn--kiv86n.example", password=PASSWORD)

    answer = client.post(LOGIN, {"login": typed, "password": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")


def test_wrong_tries_count_for_an_address_however_it_is_written(client, team):
    make_agent(teams=[team], email="lin@xn--kiv86n.example", password=PASSWORD)
    for typed in ["lin@星海.example", "lin@xn--kiv86n.example"] * 3:
        client.post(LOGIN, {"login": typed, "password": "wrong"})

    answer = client.post(LOGIN, {"login": "lin@星海.example", "password": PASSWORD})

    assert answer.status_code != 302


def test_addresses_of_before_are_written_anew_where_nobody_else_has_them(team):
    typed = make_agent(teams=[team], email="lin@星海.example")
    twice = make_agent(teams=[team], email="mei@星海.example")
    other = make_agent(teams=[team], email="mei@xn--kiv86n.example")

    import_module("kefu.accounts.migrations.0017_addresses_as_mail_writes_them").rewrite(apps, None)

    found = [Agent.objects.get(pk=one.pk).email for one in (typed, twice, other)]
    assert found == ["lin@xn--kiv86n.example", "mei@星海.example", "mei@xn--kiv86n.example"]


def test_the_session_cookie_changes_at_sign_in(client, agent, secret):
    password_step(client, agent)
    fixed = client.cookies[settings.SESSION_COOKIE_NAME].value

    client.post(CODE, {"code": code_of(secret)})

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != fixed
    assert agent_of({settings.SESSION_COOKIE_NAME: fixed}) is None
    assert not Session.objects.filter(session_key=fixed).exists()


def test_a_session_cookie_that_mallory_planted_is_not_taken_over(client, agent, secret):
    client.cookies[settings.SESSION_COOKIE_NAME] = "mallorymallorymallorymallory0000"
    password_step(client, agent)
    client.post(CODE, {"code": code_of(secret)})

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "mallorymallorymallorymallory0000"
    assert agent_of({settings.SESSION_COOKIE_NAME: "mallorymallorymallorymallory0000"}) is None


def test_a_code_works_once(client, agent, secret):
    with time_machine.travel(now(), tick=False):
        code = code_of(secret)
        password_step(client, agent)
        client.post(CODE, {"code": code})
        mallory = Client()
        password_step(mallory, agent)

        answer = mallory.post(CODE, {"code": code})

    assert answer.status_code == 200
    assert agent_of(cookies_of(mallory)) is None


def test_with_a_tolerance_for_clocks_a_code_still_works_once(client, agent, secret, settings):
    settings.MFA_TOTP_TOLERANCE = 1
    with time_machine.travel(now(), tick=False) as clock:
        code = code_of(secret, steps=1)
        password_step(client, agent)
        client.post(CODE, {"code": code})
        clock.shift(45)
        mallory = Client()
        password_step(mallory, agent)

        mallory.post(CODE, {"code": code})

    assert agent_of(cookies_of(client)) == agent
    assert agent_of(cookies_of(mallory)) is None


def test_a_recovery_code_works_once(client, agent, secret):
    code = recovery_codes_of(agent)[0]
    password_step(client, agent)
    client.post(CODE, {"code": code})
    mallory = Client()
    password_step(mallory, agent)

    mallory.post(CODE, {"code": code})

    assert agent_of(cookies_of(client)) == agent
    assert agent_of(cookies_of(mallory)) is None


def test_wrong_codes_stop_after_five_and_are_written_down(client, agent, secret):
    password_step(client, agent)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})

    answer = client.post(CODE, {"code": code_of(secret)})

    assert agent_of(cookies_of(client)) is None
    assert answer.context["form"].errors["code"].as_data()[0].code == "too_many_login_attempts"
    assert Entry.objects.filter(kind="agent.sign_in_failed", subject_id=agent.pk).count() == 6


@pytest.mark.parametrize("password", ["wrong", "", PASSWORD.upper()])
def test_a_wrong_password_opens_nothing(client, agent, secret, password):
    answer = password_step(client, agent, password)

    assert answer.status_code == 200
    assert client.get(CODE).headers["Location"] == LOGIN


def test_the_answer_does_not_tell_whether_an_address_exists(client, agent):
    def answer(address: str, password: str = "wrong password") -> tuple[int, bytes]:
        got = Client().post(LOGIN, {"login": address, "password": password}, HTTP_ACCEPT_LANGUAGE="en")
        return got.status_code, b"The address or the password is wrong" in got.content

    close_agent(agent=(left := make_agent(email="left@xinghai.example", password=PASSWORD)), by=SYSTEM)

    assert (
        answer(agent.email) == answer("nobody@xinghai.example") == answer(left.email, PASSWORD) == (200, True)
    )


def test_the_sixth_wrong_try_gets_a_clear_sentence_even_with_the_right_password(client, agent, secret):
    for _ in range(5):
        password_step(client, agent, "wrong")

    answer = client.post(LOGIN, {"login": agent.email, "password": PASSWORD}, HTTP_ACCEPT_LANGUAGE="en")

    assert b"Too many wrong tries. Wait 15 minutes, then try again." in answer.content
    assert client.get(CODE).headers["Location"] == LOGIN


def test_the_limit_ends_after_a_quarter_of_an_hour(client, agent, secret):
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(5):
            password_step(client, agent, "wrong")
        clock.shift(15 * 60 + 1)

        answer = password_step(client, agent)

    assert answer.headers["Location"] == CODE


def test_the_limit_holds_whatever_host_and_port_mallory_asks_for(client, agent, secret):
    for port in range(5):
        client.post(LOGIN, {"login": agent.email, "password": "wrong"}, HTTP_HOST=f"localhost:{8000 + port}")

    answer = client.post(
        LOGIN, {"login": agent.email.upper(), "password": PASSWORD}, HTTP_HOST="127.0.0.1:9000"
    )

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


def test_a_limit_on_an_unknown_address_looks_the_same(client, db):
    for _ in range(5):
        client.post(LOGIN, {"login": "nobody@xinghai.example", "password": "wrong"})

    answer = client.post(
        LOGIN, {"login": "nobody@xinghai.example", "password": "wrong"}, HTTP_ACCEPT_LANGUAGE="en"
    )

    assert b"Too many wrong tries" in answer.content


def test_one_network_cannot_try_many_addresses(client, db):
    answers = [client.post(LOGIN, {"login": f"a{n}@xinghai.example", "password": "wrong"}) for n in range(11)]

    assert answers[-1].context["form"].non_field_errors().as_data()[0].code == "too_many_login_attempts"


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http://localhost/desk/",
        "https:///evil.example",
    ],
)
def test_next_never_leads_to_another_house(client, agent, secret, there):
    password_step(client, agent, next=there)

    answer = client.post(CODE, {"code": code_of(secret)})

    assert answer.headers["Location"] == "/desk/"
    assert "evil" not in client.post(reverse("account_logout"), {"next": there}).headers["Location"]


def test_next_leads_back_to_the_page_that_was_asked_for(client, agent, secret):
    asked = client.get(SESSIONS).headers["Location"]
    client.post(asked, {"login": agent.email, "password": PASSWORD, "next": SESSIONS})

    answer = client.post(CODE, {"code": code_of(secret)})

    assert answer.headers["Location"] == SESSIONS


def test_who_leaves_between_the_two_steps_stays_outside(client, agent, secret):
    password_step(client, agent)
    close_agent(agent=agent, by=SYSTEM)

    client.post(CODE, {"code": code_of(secret)})

    assert agent_of(cookies_of(client)) is None
    assert client.get(SESSIONS).status_code == 302


def test_nobody_signs_up_and_no_mail_is_promised():
    for name in ["account_signup", "account_email", "account_reset_password", "account_set_password"]:
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_a_demo_agent_needs_no_second_factor(client, team):
    demo = make_agent(password=PASSWORD, is_demo=True)

    answer = password_step(client, demo)

    assert answer.headers["Location"] == "/desk/"
    assert agent_of(cookies_of(client)) == demo


def test_a_demo_agent_must_enrol_like_anybody_when_the_demo_is_over(client, team, settings):
    demo = make_agent(password=PASSWORD, is_demo=True)
    password_step(client, demo)
    settings.DEMO = False

    assert agent_of(cookies_of(client)) is None
    assert client.get(SESSIONS).headers["Location"].startswith(ENROL)


def test_a_demo_agent_who_has_one_is_asked_for_it(client, team):
    demo = make_agent(password=PASSWORD, is_demo=True)
    enrol(demo)

    assert password_step(client, demo).headers["Location"] == CODE


def test_signing_out_ends_the_session(client, agent, secret):
    key = sign_in(client, agent)

    client.post(reverse("account_logout"))

    assert agent_of({settings.SESSION_COOKIE_NAME: key}) is None
    assert not Session.objects.filter(session_key=key).exists()


def test_a_look_at_the_door_signs_nobody_out(client, agent, secret):
    key = sign_in(client, agent)

    client.get(reverse("account_logout"))

    assert agent_of({settings.SESSION_COOKIE_NAME: key}) == agent


@pytest.mark.parametrize("cookie", ["", "x", "../../etc", "a" * 4000, "键" * 32, "0" * 32, "' OR 1=1 --"])
def test_a_tampered_cookie_is_nobody(client, db, cookie):
    assert agent_of({settings.SESSION_COOKIE_NAME: cookie}) is None


def test_an_expired_session_is_nobody(client, agent, secret):
    key = sign_in(client, agent)
    Session.objects.filter(session_key=key).update(expire_date=now())

    assert agent_of({settings.SESSION_COOKIE_NAME: key}) is None


def test_forms_need_their_token(agent, secret):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(LOGIN, {"login": agent.email, "password": PASSWORD}).status_code == 403


def test_signing_in_writes_nothing_on_the_agents_own_row(client, agent, secret):
    before = Agent.objects.values().get(pk=agent.pk)
    password_step(client, agent)
    client.post(CODE, {"code": code_of(secret)})

    assert Agent.objects.values().get(pk=agent.pk) == before
    assert UserSession.objects.get(user=agent).ip == "127.0.0.1"


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
@pytest.mark.parametrize("page", [LOGIN, "/staff/link/unknown/"])
def test_the_doors_speak_the_visitors_language(client, db, language, page):
    answer = client.get(page, HTTP_ACCEPT_LANGUAGE=language)

    words = {"zh-CN": "登录", "zh-TW": "登入", "en": "Sign in"}
    assert words[language] in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "网络地址、设备。UTC"),
        ("zh-hant", "網路位址、裝置。UTC"),
        ("en", "and device. UTC"),
    ],
)
def test_the_zone_stands_behind_the_last_sentence_as_its_language_has_it(
    client: Client, language: str, said: str
) -> None:
    assert said in client.get(LOGIN, HTTP_ACCEPT_LANGUAGE=language).content.decode()
