"""An agent who opens the desk is there at once."""

from __future__ import annotations

import asyncio

import pytest

from kefu.conversations.tests.story import Story, in_thread
from kefu.realtime import presence
from kefu.realtime.presence import present_agents, renew_for_ever
from kefu.realtime.tests.clients import Client, a_process, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> Story:
    return Story()


@told
async def test_who_opens_the_desk_is_there_long_before_the_next_beat(story, monkeypatch):
    monkeypatch.setattr(presence, "RENEW_EVERY", 3600)
    async with a_process() as hub, Client(story.customer) as customer, Client(story.mei) as mei:
        monkeypatch.setattr(presence, "hub", hub)
        beating = asyncio.create_task(renew_for_ever())
        await customer.hello()
        await asyncio.sleep(0.1)
        assert await in_thread(present_agents) == set()

        await mei.hello()
        while not await in_thread(present_agents):
            await asyncio.sleep(0.02)
        beating.cancel()

    assert await in_thread(present_agents) == {story.house.mei.pk}
