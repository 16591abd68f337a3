"""Sockets of sessions that have ended: at once when somebody ended them, else within minutes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.urls import reverse
from django.utils.timezone import now

from kefu.accounts.actions import close_agent, end_agent_session, end_session, make_sign_in_link, open_session
from kefu.accounts.models import CustomerSession
from kefu.accounts.tests.factories import PASSWORD, cookies_of, sign_in
from kefu.conversations.tests.story import Story, in_thread
from kefu.journal.actor import SYSTEM
from kefu.realtime import rights
from kefu.realtime.tests.clients import Client, a_process, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def desk(story: Story) -> Browser:
    return browser_of(story)


@pytest.fixture
def phone(story: Story) -> Browser:
    return browser_of(story)


def browser_of(story: Story) -> Browser:
    browser = Browser()
    sign_in(browser, story.house.mei)
    return browser


async def listening(client: Client, topic: str) -> None:
    await client.hello((topic, -1))
    await client.hear("resync")


def sign_out(story: Story, desk: Browser) -> None:
    desk.post(reverse("account_logout"))


def end_it_on_the_sessions_page(story: Story, desk: Browser) -> None:
    end_agent_session(agent=story.house.mei, session_key=desk.session.session_key, by=story.house.mei.actor)


def sign_in_as_somebody_else(story: Story, desk: Browser) -> None:
    desk.post(make_sign_in_link(agent=story.house.stranger))


def choose_a_new_password_elsewhere(story: Story, desk: Browser) -> None:
    answer = browser_of(story).post(reverse("password"), {"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["Location"] == reverse("mfa_index")


def leave(story: Story, desk: Browser) -> None:
    close_agent(agent=story.house.mei, by=SYSTEM)


@pytest.mark.parametrize(
    "end",
    [
        sign_out,
        end_it_on_the_sessions_page,
        sign_in_as_somebody_else,
        choose_a_new_password_elsewhere,
        leave,
    ],
)
@told
async def test_a_session_that_ends_closes_its_sockets_at_once(story, desk, end: Callable[..., None]):
    async with a_process() as hub, Client(cookies_of(desk)) as agent, Client(story.customer) as customer:
        await listening(agent, story.staff_topic)
        await listening(customer, story.customer_topic)

        await in_thread(lambda: end(story, desk))
        await hub.deliver_new()

        assert await agent.hear_close() == 4003
        customer.say("ping")
        await customer.hear("pong")


@told
async def test_who_ends_one_session_comes_again_with_the_others(story, desk, phone):
    async with a_process() as hub:
        async with Client(cookies_of(desk)) as lost, Client(cookies_of(phone)) as kept:
            await listening(lost, story.staff_topic)
            await listening(kept, story.staff_topic)

            await in_thread(lambda: end_it_on_the_sessions_page(story, desk))
            await hub.deliver_new()

            assert (await lost.hear_close(), await kept.hear_close()) == (4003, 1012)
        async with Client(cookies_of(phone)) as again:
            await listening(again, story.staff_topic)


@told
async def test_a_customers_session_too(story):
    customer = story.conversation.customer
    other = {"kefu_customer": await in_thread(lambda: open_session(customer=customer))}
    async with a_process() as hub, Client(story.customer) as lost, Client(other) as kept:
        await listening(lost, story.customer_topic)
        await listening(kept, story.customer_topic)

        await in_thread(lambda: end_session(customer=customer, token=story.customer["kefu_customer"]))
        await hub.deliver_new()

        assert (await lost.hear_close(), await kept.hear_close()) == (4003, 1012)


@told
async def test_what_expires_or_changes_without_an_entry_is_found_by_looking(story, desk, phone):
    async with (
        a_process(),
        Client(cookies_of(desk)) as expired,
        Client(story.customer) as expired_customer,
        Client(cookies_of(phone)) as agent,
    ):
        await listening(expired, story.staff_topic)
        await listening(expired_customer, story.customer_topic)
        await listening(agent, story.staff_topic)
        await in_thread(lambda: expire(desk))

        await rights.look()

        assert (await expired.hear_close(), await expired_customer.hear_close()) == (4003, 4003)
        agent.say("ping")
        await agent.hear("pong")

        await in_thread(story.house.mei.teams.clear)
        await rights.look()
        assert await agent.hear_close() == 4003


def expire(browser: Browser) -> None:
    Session.objects.filter(session_key=browser.session.session_key).update(expire_date=now())
    CustomerSession.objects.update(ends_at=now())
