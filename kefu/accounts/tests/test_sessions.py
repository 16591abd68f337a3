from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.urls import reverse

from kefu.accounts.actions import close_agent, end_agent_session, end_agent_sessions, reset_second_factor
from kefu.accounts.policy import Refused
from kefu.accounts.tests.factories import PASSWORD, cookies_of, enrol, make_agent, make_customer, sign_in
from kefu.accounts.viewers import agent_of
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry

pytestmark = pytest.mark.django_db

LIST = "/staff/sessions/"


@pytest.fixture
def agent(team):
    agent = make_agent(password=PASSWORD)
    enrol(agent)
    return agent


@pytest.fixture
def other(agent):
    other = Client()
    sign_in(other, agent)
    UserSession.objects.filter(session_key=other.session.session_key).update(
        user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1",
        ip="203.0.113.7",
    )
    return other


def test_the_list_shows_device_address_and_which_one_is_this(client, agent, other):
    sign_in(client, agent)

    page = client.get(LIST).content.decode()

    assert "Safari, iPhone" in page
    assert "203.0.113.7" in page
    assert page.count("badge ok") == 1


def test_the_list_asks_as_often_for_twenty_sessions_as_for_two(
    client, agent, other, django_assert_num_queries
):
    sign_in(client, agent)
    client.get(LIST)
    with django_assert_num_queries(4):
        client.get(LIST)
    for _ in range(18):
        sign_in(Client(), agent)

    with django_assert_num_queries(4):
        assert len(client.get(LIST).context["rows"]) == 20


def test_ending_one_session_leaves_the_others(client, agent, other):
    sign_in(client, agent)
    third = Client()
    sign_in(third, agent)
    session = UserSession.objects.get(session_key=other.session.session_key)

    client.post(reverse("session_end", args=[session.pk]))

    assert agent_of(cookies_of(other)) is None
    assert agent_of(cookies_of(third)) == agent_of(cookies_of(client)) == agent
    ended = Entry.objects.get(kind="agent.sessions_ended")
    assert (ended.actor_id, ended.subject_id, ended.payload) == (agent.pk, agent.pk, {"sessions": 1})


def test_ending_all_others_keeps_this_one(client, agent, other):
    sign_in(client, agent)

    client.post(reverse("sessions_end_others"))

    assert agent_of(cookies_of(other)) is None
    assert agent_of(cookies_of(client)) == agent


def test_ending_this_one_signs_out(client, agent):
    key = sign_in(client, agent)

    answer = client.post(reverse("session_end", args=[UserSession.objects.get().pk]))

    assert answer.headers["Location"] == "/staff/sign-in/"
    assert agent_of({settings.SESSION_COOKIE_NAME: key}) is None


def test_mallory_ends_nobody_elses_session(client, agent, other):
    mallory = make_agent("Mallory")
    sign_in(client, mallory)
    session = UserSession.objects.get(session_key=other.session.session_key)

    assert client.post(reverse("session_end", args=[session.pk])).status_code == 404
    for by in (mallory, mallory.actor, make_customer().actor):
        with pytest.raises(Refused):
            end_agent_session(agent=agent, session_key=session.session_key, by=by)
        with pytest.raises(Refused):
            end_agent_sessions(agent=agent, by=by)
    assert end_agent_sessions(agent=mallory, by=mallory.actor) == 1
    assert agent_of(cookies_of(other)) == agent


def test_sessions_are_not_ended_by_a_look(client, agent, other):
    sign_in(client, agent)

    assert client.get(reverse("sessions_end_others")).status_code == 405
    assert agent_of(cookies_of(other)) == agent


def test_who_leaves_is_out_everywhere_at_once(client, agent, other):
    sign_in(client, agent)

    close_agent(agent=agent, by=SYSTEM)

    assert agent_of(cookies_of(client)) is None
    assert agent_of(cookies_of(other)) is None
    assert not UserSession.objects.filter(user=agent).exists()


def test_a_lost_phone_is_reset_by_the_operator_and_ends_all_sessions(client, agent, other):
    reset_second_factor(agent=agent, by=SYSTEM)

    assert agent_of(cookies_of(other)) is None
    assert not agent.authenticator_set.exists()


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client, agent, other):
    sign_in(client, agent)
    new = "another horse, another staple"

    answer = client.post(reverse("password"), {"password": new, "again": new})

    assert answer.headers["Location"] == reverse("mfa_index")
    assert agent_of(cookies_of(client)) == agent
    assert agent_of(cookies_of(other)) is None
    assert len(client.get(LIST).context["rows"]) == 1


@pytest.mark.parametrize(
    ("password", "again"),
    [("short", "short"), ("password1234", "password1234"), (PASSWORD, f"{PASSWORD}!"), ("", "")],
)
def test_a_weak_or_mistyped_password_is_not_taken(client, agent, password, again):
    sign_in(client, agent)

    answer = client.post(reverse("password"), {"password": password, "again": again})

    assert answer.status_code == 422
    agent.refresh_from_db()
    assert agent.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("name", "language", "heading"),
    [
        ("usersessions_list", "zh-hans", "登录设备"),
        ("usersessions_list", "zh-hant", "登入裝置"),
        ("usersessions_list", "en", "Sessions"),
        ("mfa_index", "zh-hans", "登录方式"),
        ("mfa_index", "zh-hant", "登入方式"),
        ("mfa_index", "en", "Signing in"),
        ("password", "zh-hans", "设置密码"),
        ("password", "zh-hant", "設定密碼"),
        ("password", "en", "Choose a password"),
    ],
)
def test_staff_pages_speak_the_agents_own_language(client, agent, name, language, heading):
    agent.language = language
    agent.save(update_fields=["language"])
    sign_in(client, agent)

    answer = client.get(reverse(name), HTTP_ACCEPT_LANGUAGE="fr")

    assert f"<h1>{heading}</h1>" in answer.content.decode()
    assert answer.headers["Content-Language"].lower() == language
