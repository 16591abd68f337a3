from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from kefu.accounts.actions import LinkRefused, close_agent, make_sign_in_link, use_sign_in_link
from kefu.accounts.models import Role, SignInLink
from kefu.accounts.policy import Refused
from kefu.accounts.tests.factories import (
    CHINESE,
    PASSWORD,
    code_of,
    cookies_of,
    enrol,
    make_agent,
    make_brand,
    sign_in,
)
from kefu.accounts.viewers import agent_of
from kefu.config.logs import JsonLine
from kefu.journal.actor import SYSTEM
from kefu.journal.models import Entry

ENROL = "/staff/second-factor/enrol/"


@pytest.fixture
def demo(team):
    return make_agent(is_demo=True)


@pytest.fixture
def agent(team):
    return make_agent()


def token_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def test_looking_at_a_link_does_not_spend_it(client, demo):
    path = make_sign_in_link(agent=demo)

    for _ in range(3):
        answer = client.get(path)
    client.head(path)

    assert CHINESE in answer.content.decode()
    assert SignInLink.objects.get().used_at is None
    assert agent_of(cookies_of(client)) is None


def test_pressing_the_button_lets_a_demo_agent_in(client, demo):
    answer = client.post(make_sign_in_link(agent=demo))

    assert answer.headers["Location"] == "/desk/"
    assert agent_of(cookies_of(client)) == demo


def test_the_page_keeps_its_address_to_itself(client, demo):
    answer = client.get(make_sign_in_link(agent=demo))

    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_link_works_once(client, demo):
    path = make_sign_in_link(agent=demo)
    client.post(path)
    mallory = Client()

    answer = mallory.post(path)

    assert answer.status_code == mallory.get(path).status_code == 410
    assert agent_of(cookies_of(mallory)) is None


def test_a_link_ends_after_ten_minutes(client, demo):
    with time_machine.travel(now(), tick=False) as clock:
        path = make_sign_in_link(agent=demo)
        clock.shift(timedelta(minutes=10))

        answer = client.post(path)

    assert answer.status_code == 410
    assert agent_of(cookies_of(client)) is None


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "键", "a" * 2000])
def test_a_guessed_link_opens_nothing(client, db, token):
    path = reverse("sign_in_link", args=[token])

    assert client.get(path).status_code == client.post(path).status_code == 410


def test_guessing_is_limited(client, db):
    answers = [client.post(f"/staff/link/guess{n}/").status_code for n in range(31)]

    assert answers[:30] == [410] * 30
    assert answers[30] == 429


def test_the_link_never_comes_into_a_log(client, demo, caplog):
    token = token_of(path := make_sign_in_link(agent=demo))
    client.post(path)
    client.post(path)
    Client(enforce_csrf_checks=True).post(path)

    lines = [JsonLine().format(record) for record in caplog.records]

    assert len(lines) == 2
    assert token not in "".join(lines)


def test_only_a_hash_of_the_link_is_kept(demo):
    token = token_of(make_sign_in_link(agent=demo))

    assert token not in str(list(SignInLink.objects.values_list()))


def test_a_link_never_replaces_an_enrolled_second_factor(client, agent):
    secret = enrol(agent)

    answer = client.post(make_sign_in_link(agent=agent))

    assert answer.headers["Location"] == "/staff/sign-in/code/"
    assert agent_of(cookies_of(client)) is None
    client.post("/staff/sign-in/code/", {"code": code_of(secret)})
    assert agent_of(cookies_of(client)) == agent


def test_a_demo_agents_link_does_not_replace_it_either(client, demo):
    enrol(demo)

    client.post(make_sign_in_link(agent=demo))

    assert agent_of(cookies_of(client)) is None


def test_without_a_second_factor_a_link_leads_to_enrolment(client, agent):
    client.post(make_sign_in_link(agent=agent))

    assert agent_of(cookies_of(client)) is None
    assert client.get("/staff/sessions/").headers["Location"].startswith(ENROL)
    secret = client.get(ENROL).context["form"].secret
    client.post(ENROL, {"code": code_of(secret)})
    assert agent_of(cookies_of(client)) == agent


def test_enrolment_by_an_old_link_starts_from_the_door_again(client, agent):
    with time_machine.travel(now(), tick=False) as clock:
        client.post(make_sign_in_link(agent=agent))
        clock.shift(timedelta(minutes=11))

        answer = client.get(ENROL)

    assert answer.headers["Location"].startswith("/staff/sign-in/")
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_new_agent_comes_in_by_link_enrols_chooses_a_password_and_is_at_work(client, agent):
    client.post(make_sign_in_link(agent=agent))
    secret = client.get(ENROL).context["form"].secret
    codes = client.post(ENROL, {"code": code_of(secret)}, follow=True)
    assert reverse("password") in codes.content.decode()

    answer = client.post(reverse("password"), {"password": PASSWORD, "again": PASSWORD})

    assert answer.status_code == 302
    agent.refresh_from_db()
    assert agent.check_password(PASSWORD)
    assert agent_of(cookies_of(client)) == agent
    assert Entry.objects.filter(kind="agent.password_chosen").count() == 1


def test_a_link_for_somebody_else_ends_what_was_signed_in_here(client, agent, demo):
    enrol(agent)
    sign_in(client, agent)

    client.post(make_sign_in_link(agent=demo))

    assert agent_of(cookies_of(client)) == demo


def test_a_signed_in_colleagues_second_factor_does_not_count_for_the_link(client, demo, agent):
    enrol(demo)
    sign_in(client, demo)

    client.post(make_sign_in_link(agent=agent))

    assert agent_of(cookies_of(client)) is None


def test_nobody_makes_a_link_for_who_has_left(agent):
    close_agent(agent=agent, by=SYSTEM)
    agent.refresh_from_db()

    with pytest.raises(LinkRefused):
        make_sign_in_link(agent=agent)


def test_a_link_of_who_has_left_opens_nothing(client, demo):
    path = make_sign_in_link(agent=demo)
    close_agent(agent=demo, by=SYSTEM)

    assert client.get(path).status_code == client.post(path).status_code == 410


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_only_an_admin_makes_links(agent, role):
    with pytest.raises(Refused):
        make_sign_in_link(agent=agent, by=make_agent(role=role))


def test_making_and_using_a_link_is_written_down(client, demo):
    admin = make_agent(role=Role.ADMIN)

    client.post(make_sign_in_link(agent=demo, by=admin))

    link = SignInLink.objects.get()
    made, used = (
        Entry.objects.get(kind="agent.sign_in_link_made"),
        Entry.objects.get(kind="agent.sign_in_link_used"),
    )
    assert (made.actor_id, made.subject_id, made.payload) == (admin.pk, demo.pk, {"link_id": link.pk})
    assert (used.actor_id, used.payload) == (demo.pk, {"link_id": link.pk})
    assert Entry.objects.get(kind="agent.signed_in").payload == {"steps": ["link"]}


def test_next_does_not_lead_a_link_elsewhere(client, demo):
    answer = client.post(
        f"{make_sign_in_link(agent=demo)}?next=https://evil.example/", {"next": "//evil.example"}
    )

    assert answer.headers["Location"] == "/desk/"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_gets_in():
    make_brand()
    token = token_of(make_sign_in_link(agent=make_agent(is_demo=True)))

    def use(_: int) -> bool:
        try:
            use_sign_in_link(token=token)
        except LinkRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        got_in = list(pool.map(use, range(8)))

    assert sum(got_in) == 1
