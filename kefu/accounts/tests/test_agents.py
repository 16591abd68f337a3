from __future__ import annotations

import json
from contextlib import closing, suppress
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from kefu.accounts.actions import (
    AddressTaken,
    LastAdmin,
    add_agent,
    choose_availability,
    close_agent,
    reset_second_factor,
)
from kefu.accounts.hashers import Argon2
from kefu.accounts.models import Agent, Availability, Role, SignInLink
from kefu.accounts.policy import Refused
from kefu.accounts.tests.factories import (
    CHINESE,
    VERY_LONG,
    cookies_of,
    enrol,
    make_agent,
    make_customer,
    make_other_brand,
    make_team,
)
from kefu.accounts.viewers import agent_of
from kefu.journal.actor import SYSTEM, agent_actor
from kefu.journal.models import Entry
from kefu.realtime.presence import renew
from kefu.safety.addresses import NotAnAddress

pytestmark = pytest.mark.django_db
# One more than fits, and no part of it is too long by itself.
TOO_LONG = f"{'m' * 64}@{'.'.join(['d' * 60] * 3)}.{'x' * 7}"
NOT_ADMIN = [role for role in Role if role != Role.ADMIN]


def console(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("name", [CHINESE, VERY_LONG])
def test_an_admin_adds_an_agent_who_has_no_password_yet(team, name):
    admin = make_agent(role=Role.ADMIN)

    agent = add_agent(email=" New@Xinghai.example", name=name, role=Role.LEAD, teams=[team], by=admin)

    assert (agent.email, agent.name, agent.role) == ("new@xinghai.example", name, Role.LEAD)
    assert list(agent.teams.all()) == [team]
    assert not agent.has_usable_password()
    added = Entry.objects.get(kind="agent.added")
    assert (added.actor_id, added.subject_id) == (admin.pk, agent.pk)
    assert added.payload == {"role": "lead", "team_ids": [team.pk]}


@pytest.mark.parametrize("by", [lambda agent: agent, lambda agent: agent.actor])
@pytest.mark.parametrize("role", NOT_ADMIN)
def test_nobody_else_manages_agents(team, role, by):
    mallory, victim = by(make_agent("Mallory", role=role)), make_agent()

    with pytest.raises(Refused):
        add_agent(email="m@xinghai.example", name="M", role=Role.ADMIN, teams=[], by=mallory)
    with pytest.raises(Refused):
        close_agent(agent=victim, by=mallory)
    with pytest.raises(Refused):
        reset_second_factor(agent=victim, by=mallory)

    assert not Entry.objects.exists()


def test_an_actor_who_is_no_agent_manages_nobody(team):
    for mallory in (make_customer().actor, agent_actor(0)):
        with pytest.raises(Refused):
            close_agent(agent=make_agent(), by=mallory)

    admin = make_agent(role=Role.ADMIN)
    assert not close_agent(agent=make_agent(), by=admin.actor).is_active


def test_an_address_belongs_to_one_agent_however_it_is_written(team):
    make_agent(email="lin@xinghai.example")

    with pytest.raises(AddressTaken):
        add_agent(email="LIN@xinghai.example", name="L", role=Role.AGENT, teams=[], by=SYSTEM)


@pytest.mark.parametrize("email", ["lin", TOO_LONG])
def test_what_is_no_address_is_no_agent(team, email):
    with pytest.raises(NotAnAddress):
        add_agent(email=email, name="L", role=Role.AGENT, teams=[], by=SYSTEM)


def test_the_last_admin_stays(team):
    admin = make_agent(role=Role.ADMIN)
    with pytest.raises(LastAdmin):
        close_agent(agent=admin, by=SYSTEM)

    make_agent(role=Role.ADMIN)

    assert not close_agent(agent=admin, by=SYSTEM).is_active


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_admins_who_close_each_other_at_once_one_stays(team):
    first, second = make_agent(role=Role.ADMIN), make_agent(role=Role.ADMIN)

    def close_first() -> None:
        with closing(connection), suppress(LastAdmin, Refused):
            close_agent(agent=first, by=second)

    other = Thread(target=close_first)
    with transaction.atomic():
        close_agent(agent=second, by=first)
        other.start()
        # It has to wait for us; whoever would let it by has no admin left.
        other.join(0.5)
    other.join()

    assert list(Agent.objects.active().filter(role=Role.ADMIN)) == [first]


def test_leaving_twice_is_harmless(team):
    agent = make_agent()

    close_agent(agent=agent, by=SYSTEM)
    close_agent(agent=agent, by=SYSTEM)

    assert Entry.objects.filter(kind="agent.left").count() == 1


def test_availability_is_chosen_and_written_down_once(team):
    agent = make_agent()

    for _ in range(2):
        choose_availability(agent=agent, availability="available")

    assert Agent.objects.get(pk=agent.pk).availability == Availability.AVAILABLE
    chosen = Entry.objects.get(kind="agent.availability_chosen")
    assert (chosen.actor_id, chosen.payload) == (agent.pk, {"availability": "available"})


def test_an_unknown_availability_is_refused(team):
    with pytest.raises(ValueError, match="asleep"):
        choose_availability(agent=make_agent(), availability="asleep")


@pytest.mark.parametrize("fields", [{"role": Role.AUDITOR}, {"is_active": False}])
def test_who_answers_nobody_is_never_available(team, fields):
    with pytest.raises(Refused):
        choose_availability(agent=make_agent(**fields), availability=Availability.AVAILABLE)


def test_available_are_those_who_chose_it_and_are_there(team):
    other_team = make_team(key="trading", name="交易")
    here = make_agent(availability=Availability.AVAILABLE)
    make_agent("not there", availability=Availability.AVAILABLE)
    busy = make_agent("busy", availability=Availability.BUSY)
    away = make_agent("away")
    left = make_agent("left", availability=Availability.AVAILABLE, is_active=False)
    auditor = make_agent("auditor", availability=Availability.AVAILABLE, role=Role.AUDITOR)
    elsewhere = make_agent("elsewhere", availability=Availability.AVAILABLE, teams=[other_team])
    renew({one.pk for one in (here, busy, away, left, auditor, elsewhere)})

    assert list(Agent.objects.available_in(team)) == [here]
    assert list(Agent.objects.available_in(other_team)) == [elsewhere]


@pytest.mark.parametrize("role", Role)
def test_an_agent_sees_their_own_teams_and_an_admin_all(team, role):
    other = make_team(make_other_brand())
    agent = make_agent(role=role, teams=[team])

    assert set(agent.visible_teams()) == ({team, other} if role in {Role.ADMIN, Role.AUDITOR} else {team})
    agent.is_active = False
    assert not agent.visible_teams()


def test_the_console_adds_an_agent_and_prints_a_link_that_works_once(team):
    out = console(
        "agent_add",
        "lin@xinghai.example",
        "--name",
        CHINESE,
        "--team",
        "accounts",
        "--url",
        "https://help.example/",
    )

    path = out.partition("https://help.example")[2].strip()
    answer = Client().post(path)
    assert answer.headers["Location"] == "/desk/"
    assert Client().post(path).status_code == 410
    assert list(Agent.objects.get(email="lin@xinghai.example").teams.all()) == [team]


def test_an_address_in_another_script_is_kept_as_the_mail_system_writes_it(team):
    console("agent_add", "lin@星海.example", "--name", "Lin")

    assert Agent.objects.get().email == "lin@xn--kiv86n.example"
    assert "Lin <lin@xn--kiv86n.example>" in console("signin", "Lin@星海.example")


def test_the_console_prints_localhost_and_speaks_json(team):
    out = json.loads(console("agent_add", "lin@xinghai.example", "--name", "Lin", "--role", "lead", "--json"))

    assert out["sign_in"].startswith("http://localhost:8000/staff/link/")
    assert (out["email"], out["role"]) == ("lin@xinghai.example", "lead")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["taken@xinghai.example"], "exists already"),
        (["nonsense"], "nonsense is not an e-mail address"),
        ([TOO_LONG], "at most 254 characters; this one has 255"),
        (["new@xinghai.example", "--team", "nowhere"], "xinghai/accounts"),
        (["new@xinghai.example", "--name", " "], "Say --name"),
        (["new@xinghai.example", "--name", "长" * 81], "at most 80 characters; this one has 81"),
        (["new@xinghai.example", "--team", "accounts"], "Several brands"),
    ],
)
def test_the_console_says_what_is_wrong(team, words, says):
    make_agent(email="taken@xinghai.example")
    make_team(make_other_brand())

    with pytest.raises(CommandError, match=says):
        console("agent_add", "--name", "N", *words)

    assert Agent.objects.count() == 1


@pytest.mark.parametrize("who", ["lin@xinghai.example", "LIN@xinghai.example", "lin", CHINESE])
def test_signin_finds_an_agent_as_people_call_them(team, who):
    demo = make_agent(email="lin@xinghai.example", is_demo=True)
    make_agent("Somebody else", email="linda@xinghai.example")
    client = Client()

    client.post(console("signin", who).partition("http://localhost:8000")[2].strip())

    assert agent_of(cookies_of(client)) == demo


def test_signin_asks_back_when_two_could_be_meant(team):
    make_agent(email="lin@xinghai.example")
    make_agent(email="lin@other.example")

    with pytest.raises(CommandError, match="could be"):
        console("signin", "lin")


def test_signin_knows_nobody_who_left(team):
    make_agent(email="lin@xinghai.example", is_active=False)

    with pytest.raises(CommandError, match="no agent"):
        console("signin", "lin")
    assert not SignInLink.objects.exists()


def test_the_console_resets_a_lost_phone(team):
    agent = make_agent(email="lin@xinghai.example")
    enrol(agent)

    console("agent_reset", "lin")

    assert not agent.authenticator_set.exists()
    assert Entry.objects.get(kind="agent.second_factor_removed").actor_kind == "system"


def test_the_console_closes_an_agents_doors(team):
    agent = make_agent(email="lin@xinghai.example")

    console("agent_close", "lin")

    agent.refresh_from_db()
    assert not agent.is_active


def test_the_console_keeps_the_last_admin(team):
    make_agent(email="lin@xinghai.example", role=Role.ADMIN)

    with pytest.raises(CommandError, match="last admin"):
        console("agent_close", "lin")


def test_passwords_are_hashed_with_argon2id_in_nineteen_mebibytes():
    encoded = Argon2().encode("correct horse battery staple", Argon2().salt())

    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert Argon2().verify("correct horse battery staple", encoded)
    assert not Argon2().must_update(encoded)
