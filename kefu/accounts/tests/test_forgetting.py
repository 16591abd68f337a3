"""What is past its time goes by night, and nothing that somebody still needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from kefu.accounts.actions import (
    claim_email,
    end_agent_sessions,
    end_session,
    make_sign_in_link,
    meet_visitor,
    open_session,
    use_sign_in_link,
)
from kefu.accounts.models import Customer, CustomerSession, Identity, SignInLink
from kefu.accounts.tests.factories import make_agent, sign_in, viewer_of
from kefu.accounts.verbs import forgetting
from kefu.accounts.viewers import customer_of
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import make_conversation, make_house
from kefu.journal.models import Entry
from kefu.safety.retention import KEPT, DataKind
from kefu.safety.tasks import retain

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 24, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def after(kind):
    return timedelta(days=KEPT[kind].days)


def test_a_customers_session_is_forgotten_when_its_end_is_long_past(brand, clock):
    made = make_conversation(make_house("polar", "PX"))
    ended, living = [open_session(customer=made.customer) for _ in range(2)]
    end_session(customer=made.customer, token=ended)

    clock.shift(after(DataKind.CUSTOMER_SESSION))
    retain.call()
    assert CustomerSession.objects.count() == 2
    clock.shift(MINUTE)
    retain.call()

    assert CustomerSession.objects.count() == 1
    assert customer_of({"kefu_customer": living})


def test_who_asked_nothing_is_forgotten_with_what_they_typed(brand, clock):
    met = meet_visitor(brand=brand, language="en")
    claim_email(customer=met.customer, email="wang.xiaoming@example.com")

    clock.shift(after(DataKind.VISITOR))
    retain.call()
    assert Customer.objects.exists()
    clock.shift(MINUTE)
    retain.call()

    assert [kind.objects.count() for kind in (Customer, CustomerSession, Identity)] == [0, 0, 0]
    ended = Entry.objects.get(kind="customer.sessions_ended")
    assert ended.payload["customer_ids"] == [met.customer.pk]


def test_who_asked_once_stays_however_long_ago_it_was(clock):
    house = make_house()
    asked = make_conversation(house)
    meet_visitor(brand=house.brand, language="en")

    clock.shift(timedelta(days=900))
    retain.call()

    assert list(Customer.objects.all()) == [asked.customer]
    assert list(Conversation.objects.all()) == [asked]


def test_a_visitor_who_asks_while_the_others_are_forgotten_stays(clock):
    house = make_house()
    chosen = [meet_visitor(brand=house.brand, language="en").customer for _ in range(2)]
    make_conversation(house, viewer_of(chosen[0]))
    clock.shift(40 * DAY)

    assert forgetting._forget_visitors([one.pk for one in chosen], START + DAY) == 1
    assert list(Customer.objects.all()) == chosen[:1]


def test_many_visitors_are_forgotten_some_at_a_time(brand, clock, monkeypatch):
    monkeypatch.setattr(forgetting, "CHUNK", 2)
    for _ in range(5):
        meet_visitor(brand=brand, language="en")

    assert forgetting.forget_visitors(START + DAY) == 5


def test_a_sign_in_link_is_forgotten_once_it_is_used_or_over(team, clock):
    used, unused = [make_sign_in_link(agent=make_agent()) for _ in range(2)]
    use_sign_in_link(token=used.rstrip("/").rsplit("/", 1)[1])

    clock.shift(after(DataKind.SIGN_IN_LINK) + MINUTE)
    retain.call()
    assert [link.used_at for link in SignInLink.objects.all()] == [None]
    clock.shift(timedelta(minutes=10))
    retain.call()

    assert unused
    assert not SignInLink.objects.exists()


def test_an_unspent_sign_in_link_still_lets_in(team, clock):
    clock.shift(5 * DAY)
    agent = make_agent()
    link = make_sign_in_link(agent=agent)

    retain.call()

    assert use_sign_in_link(token=link.rstrip("/").rsplit("/", 1)[1]) == agent


def test_a_staff_session_is_forgotten_when_it_opens_nothing_any_more(agent, clock):
    signed_out, closed_window, living = Client(), Client(), Client()
    for client in (signed_out, closed_window):
        sign_in(client, agent)
    signed_out.logout()
    assert UserSession.objects.count() == 2

    clock.shift(after(DataKind.STAFF_SESSION))
    sign_in(living, agent)
    retain.call()
    assert UserSession.objects.count() == 3
    clock.shift(MINUTE)
    retain.call()

    assert [one.session_key for one in UserSession.objects.all()] == [living.session.session_key]
    assert end_agent_sessions(agent=agent, by=agent.actor) == 1


def test_a_staff_session_that_is_still_open_stays_in_its_agents_list(agent, client, clock):
    sign_in(client, agent)
    Session.objects.update(expire_date=START + 99 * DAY)

    clock.shift(40 * DAY)
    retain.call()

    assert UserSession.objects.count() == 1


def test_expired_browser_state_is_removed_and_living_state_is_not(agent, clock):
    sign_in(Client(), agent)
    clock.shift(timedelta(days=14) + after(DataKind.BROWSER_STATE))
    sign_in(Client(), agent)

    retain.call()
    assert Session.objects.count() == 2
    clock.shift(MINUTE)
    retain.call()

    assert Session.objects.count() == 1
