"""Who is told that somebody types, and who may tell it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from kefu.accounts.actions import open_session
from kefu.accounts.models import Role
from kefu.conversations import socket_verbs
from kefu.conversations.socket_verbs import TYPING_LIMIT
from kefu.conversations.tests.factories import make_agent
from kefu.conversations.tests.staff import staff_cookies
from kefu.conversations.tests.story import Story, in_thread
from kefu.journal.rings.bell import bell
from kefu.journal.rings.frames import parsed
from kefu.realtime import leases
from kefu.realtime.tests.clients import Client, a_process, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> Story:
    return Story()


async def listening(client: Client, topic: str) -> None:
    await client.hello((topic, -1))
    await client.hear("resync")


async def heard(client: Client) -> list[str]:
    """The types of all frames up to now that nobody has taken."""
    client.say("ping")
    await client.hear("pong")
    return [frame["type"] for frame in client.told]


@told
async def test_who_types_is_not_told_on_their_other_tabs(story):
    second_cookies = {
        "kefu_customer": await in_thread(lambda: open_session(customer=story.conversation.customer))
    }
    async with (
        a_process(),
        Client(story.mei) as agent,
        Client(story.mei) as agents_tab,
        Client(story.customer) as customer,
        Client(second_cookies) as customers_phone,
    ):
        for client, topic in [
            (agent, story.staff_topic),
            (agents_tab, story.staff_topic),
            (customer, story.customer_topic),
            (customers_phone, story.customer_topic),
        ]:
            await listening(client, topic)

        customer.say("typing", ref=story.ref)
        assert (await agent.hear("typing"))["who"]["kind"] == "customer"
        assert (await agents_tab.hear("typing"))["who"]["kind"] == "customer"
        agent.say("typing", ref=story.ref)
        assert (await customer.hear("typing"))["who"]["name"] == "林美"
        assert (await customers_phone.hear("typing"))["who"]["name"] == "林美"

        for client in (agent, agents_tab, customer, customers_phone):
            assert "typing" not in await heard(client)


class Wire:
    """The way to another process: keeps what was sent."""

    apart = 0.0
    largest = 8_000

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send(self, frame: bytes) -> None:
        self.sent.append(frame)

    def close(self) -> None:
        return


@pytest.fixture
def wire() -> Iterator[Wire]:
    bell().transport = Wire()
    yield bell().transport
    bell().transport = None


@told
async def test_nor_on_their_tabs_in_another_process(story, wire):
    async with a_process(), Client(story.mei) as agent:
        await listening(agent, story.staff_topic)
        agent.say("typing", ref=story.ref)
        await heard(agent)
    bell().close()
    async with a_process(), Client(story.mei) as tab, Client(story.customer) as customer:
        await listening(tab, story.staff_topic)
        await listening(customer, story.customer_topic)
        for lease in [lease for frame in wire.sent for lease in parsed(frame).leases]:
            leases.take(lease)

        assert (await customer.hear("typing"))["who"] == {"kind": "agent", "id": 0, "name": "林美"}
        assert "typing" not in await heard(tab)


@told
async def test_who_only_reads_tells_nobody_that_they_type(story):
    auditor = await in_thread(lambda: staff_cookies(make_agent(story.house.team, "稽核", role=Role.AUDITOR)))
    async with a_process(), Client(auditor) as reader, Client(story.customer) as customer:
        await listening(reader, story.staff_topic)
        await listening(customer, story.customer_topic)

        reader.say("typing", ref=story.ref)

        assert (await reader.hear("error"))["code"] == "refused"
        assert "typing" not in await heard(customer)


@pytest.fixture
def _counted_by_the_day(monkeypatch):
    """So that no new minute, with a count of its own, begins in the middle."""
    limit = replace(TYPING_LIMIT, per=timedelta(days=1))
    monkeypatch.setattr(socket_verbs, "TYPING_LIMIT", limit)


@pytest.mark.usefixtures("_counted_by_the_day")
@told
async def test_too_much_typing_is_dropped_in_silence(story):
    async with (
        a_process(),
        Client(story.customer) as customer,
        Client(story.customer) as tab,
        Client(story.mei) as agent,
    ):
        for client, topic in [
            (customer, story.customer_topic),
            (tab, story.customer_topic),
            (agent, story.staff_topic),
        ]:
            await listening(client, topic)

        for _ in range(TYPING_LIMIT.times):
            customer.say("typing", ref=story.ref)
            tab.say("typing", ref=story.ref)
        for client in (customer, tab):
            assert "error" not in await heard(client)

        assert (await heard(agent)).count("typing") == TYPING_LIMIT.times
