"""A forgotten password: a new one by a letter's link, the same answer for everybody, and the second factor stays."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from kefu.accounts import announcing
from kefu.accounts.actions import ask_for_password_reset, close_agent, mint_password_reset
from kefu.accounts.models import Agent, PasswordReset
from kefu.accounts.tests.factories import (
    PASSWORD,
    code_of,
    cookies_of,
    make_agent,
    make_brand,
    password_step,
    sign_in,
)
from kefu.accounts.viewers import agent_of
from kefu.accounts.views.forgotten import FROM_NETWORK, TO_ADDRESS
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry
from kefu.safety.retention import retain_all

pytestmark = pytest.mark.django_db

FORGOTTEN = "/staff/password/forgotten/"
SENT = "/staff/password/forgotten/sent/"
NEW = "a quite different password"


@pytest.fixture(autouse=True)
def _letters_leave(monkeypatch, brand):
    monkeypatch.setattr(announcing, "_ways", [lambda _brand: True])


def asked(agent: Agent) -> PasswordReset:
    return ask_for_password_reset(email=agent.email, brand=make_brand())


def link_of(reset: PasswordReset) -> str:
    token = mint_password_reset(reset_id=reset.pk)
    assert token is not None
    return reverse("new_password", args=[reset.pk, token])


def choose(client: Client, link: str, password: str = NEW):
    return client.post(link, {"password": password, "again": password})


def test_the_link_of_the_letter_chooses_a_new_password(client, agent):
    link = link_of(asked(agent))

    answer = choose(client, link)

    agent.refresh_from_db()
    assert answer.status_code == 200
    assert agent.check_password(NEW)
    passwords = Entry.objects.filter(kind__startswith="agent.password").order_by("pk")
    assert list(passwords.values_list("kind", flat=True)) == [
        "agent.password_reset_asked_for",
        "agent.password_replaced",
    ]


def test_all_sessions_end_and_the_second_factor_stays(client, agent, secret):
    mallory = Client()
    sign_in(mallory, agent)

    choose(client, link_of(asked(agent)))

    assert agent_of(cookies_of(mallory)) is None
    assert agent_of(cookies_of(client)) is None, "The link is no way in."
    step = password_step(client, agent, NEW)
    assert step.headers["Location"] == reverse("mfa_authenticate")
    client.post(step.headers["Location"], {"code": code_of(secret)})
    assert agent_of(cookies_of(client)) == agent


def test_an_address_of_nobody_gets_the_same_answer_with_the_same_work(client, agent):
    gone = make_agent(email="gone@xinghai.example")
    close_agent(agent=gone, by=SYSTEM)
    answers = []
    for address in (agent.email, "nobody@xinghai.example", gone.email):
        asking = Client()
        asking.get(FORGOTTEN)
        with CaptureQueriesContext(connection) as queries:
            answer = asking.post(FORGOTTEN, {"email": address})
        # The number of a savepoint is its own; what is done to which table is what takes time.
        statements = [re.sub(r"\d+|'[^']*'|NULL", "?", query["sql"])[:60] for query in queries]
        answers.append((answer.status_code, answer.headers["Location"], answer.content, statements))

    assert answers[0] == answers[1] == answers[2]
    assert answers[0][:2] == (302, SENT)
    assert b"If an agent has this address" in client.get(SENT, HTTP_ACCEPT_LANGUAGE="en").content
    assert list(PasswordReset.objects.order_by("pk").values_list("agent_id", flat=True)) == [
        agent.pk,
        None,
        None,
    ]


def test_for_an_address_of_nobody_no_link_is_minted(agent):
    reset = ask_for_password_reset(email="nobody@xinghai.example", brand=make_brand())

    assert mint_password_reset(reset_id=reset.pk) is None


def test_the_link_works_once(client, agent):
    link = link_of(asked(agent))
    choose(client, link)

    answer = choose(client, link, "a password of Mallory")

    agent.refresh_from_db()
    assert answer.status_code == 410
    assert agent.check_password(NEW)


def test_the_link_ends_after_30_minutes(client, agent):
    with time_machine.travel(now(), tick=False) as clock:
        reset = asked(agent)
        link = link_of(reset)
        clock.shift(timedelta(minutes=29))
        assert client.get(link).status_code == 200
        clock.shift(timedelta(minutes=2))

        assert choose(client, link).status_code == 410
        assert mint_password_reset(reset_id=reset.pk) is None


def test_asking_again_ends_the_earlier_link_and_nobody_elses(client, agent):
    other = make_agent(password=PASSWORD)
    others = link_of(asked(other))
    first = link_of(asked(agent))
    second = link_of(asked(agent))
    asked(make_agent())

    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    assert client.get(others).status_code == 200


def test_a_link_of_somebody_elses_reset_and_a_guess_open_nothing(client, agent):
    mine, theirs = asked(agent), asked(make_agent())
    token = link_of(theirs).split("/")[-2]

    for link in (f"/staff/password/new/{mine.pk}/{token}/", f"/staff/password/new/{mine.pk}/guess/"):
        assert choose(client, link).status_code == 410
    agent.refresh_from_db()
    assert agent.check_password(PASSWORD)


def test_whoever_has_left_gets_no_new_password(client, agent):
    link = link_of(asked(agent))
    close_agent(agent=agent, by=SYSTEM)

    assert choose(client, link).status_code == 410


def test_looking_at_the_link_changes_nothing_and_nothing_of_it_travels_on(client, agent):
    link = link_of(asked(agent))
    before = list(PasswordReset.objects.values()), Entry.objects.count()

    answer = client.get(link)
    client.head(link)

    assert (list(PasswordReset.objects.values()), Entry.objects.count()) == before
    assert answer.headers["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize("password", ["short", "lin.jiahe@xinghai.example", "password12345"])
def test_a_weak_password_is_refused_and_the_link_still_works(client, agent, password):
    link = link_of(asked(agent))

    assert choose(client, link, password).status_code == 422
    assert choose(client, link).status_code == 200


def test_whoever_tried_in_vain_before_may_sign_in_at_once(client, agent):
    for _ in range(6):
        password_step(client, agent, "not this one either")
    assert password_step(client, agent).status_code == 200, "Even the right one must wait."

    choose(client, link_of(asked(agent)))

    assert password_step(client, agent, NEW).status_code == 302


def test_an_address_gets_few_letters_known_or_not(client, agent):
    for address in (agent.email, "nobody@xinghai.example"):
        for _ in range(TO_ADDRESS.times):
            assert client.post(FORGOTTEN, {"email": address}).status_code == 302

        answer = client.post(FORGOTTEN, {"email": address.upper()})

        assert answer.status_code == 429
        assert address in answer.content.decode().lower()
        PasswordReset.objects.all().delete()


def test_a_network_asks_for_few_letters(client, brand):
    for number in range(FROM_NETWORK.times):
        client.post(FORGOTTEN, {"email": f"a{number}@xinghai.example"})

    assert client.post(FORGOTTEN, {"email": "last@xinghai.example"}).status_code == 429


def test_what_is_no_address_is_told_so_and_stays(client, brand):
    answer = client.post(FORGOTTEN, {"email": "lin.jiahe@"}, HTTP_ACCEPT_LANGUAGE="en")

    assert answer.status_code == 422
    assert "not a complete e-mail address" in answer.content.decode()
    assert 'value="lin.jiahe@"' in answer.content.decode()


def test_where_no_letter_leaves_the_page_says_whom_to_ask(client, agent, monkeypatch):
    monkeypatch.setattr(announcing, "_ways", [])

    page = client.post(FORGOTTEN, {"email": agent.email}, HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert "Ask an administrator for a sign-in link" in page
    assert "<input" not in page
    assert not PasswordReset.objects.exists()


def test_resets_are_forgotten_after_a_day(agent):
    asked(agent)

    retain_all(now() + timedelta(days=2))

    assert not PasswordReset.objects.exists()
