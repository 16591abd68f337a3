"""What sockets do is counted for operators, each thing once, over the real handler."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.background.meters import METERS
from kefu.conversations.tests.story import Story, in_thread, say_as_customer
from kefu.realtime import hub as hub_module
from kefu.realtime.connection import MOST_QUEUED, Connection
from kefu.realtime.database import Busy
from kefu.realtime.people import Credentials
from kefu.realtime.tests.clients import Client, a_process, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> Story:
    return Story()


class Grown:
    """How much meters have grown since: of a count its number, of a spread how many values and their sum."""

    def __init__(self) -> None:
        self.before = {name: parts(meter.read()) for name, meter in METERS.items()}

    def __getitem__(self, name: str) -> tuple[float, float]:
        number, total = parts(METERS[name].read())
        return number - self.before[name][0], total - self.before[name][1]


def parts(read: Any) -> tuple[float, float]:
    return (sum(read["counts"]), read["sum"]) if isinstance(read, dict) else (read, read)


@told
async def test_what_is_said_is_one_ack_and_its_delivery_takes_from_the_record_to_the_socket(story):
    async with a_process() as hub, Client(story.customer) as customer, Client(story.mei) as agent:
        await customer.hello((story.customer_topic, -1))
        await agent.hello((story.staff_topic, -1))
        await agent.hear("resync")
        grown = Grown()

        customer.say("say", ref=story.ref, client_id="customer-0001", text="在吗")
        await customer.hear("ack")
        await hub.deliver_new()
        await agent.hear("events")

        assert grown["kefu_ack_seconds"][0] == grown["kefu_batch_units"][0] == 1
        assert grown["kefu_batch_units"][1] == grown["kefu_writer_queue_units"][1] == 1
        assert 0 < grown["kefu_ack_seconds"][1] < 5
        entries, seconds = grown["kefu_delivery_seconds"]
        assert entries >= 1
        assert 0 < seconds / entries < 5


@told
async def test_when_its_frames_are_counted_as_delivered_they_have_been_written(story, monkeypatch):
    async with a_process() as hub, Client(story.mei) as agent:
        await agent.hello((story.staff_topic, -1))
        await agent.hear("resync")
        heard = len(agent.told)
        await in_thread(lambda: say_as_customer(story, "在吗"))
        written: list[int] = []

        class Watched:
            def take_all(self, _: Any) -> None:
                written.append(len(agent.told))

        monkeypatch.setattr(hub_module, "DELIVERIES", Watched())
        await hub.deliver_new()

        assert written == [heard + 1]


@told
async def test_what_was_missed_is_a_replay_and_a_first_look_is_not(story):
    async with a_process():
        grown = Grown()
        async with Client(story.mei) as agent:
            await agent.hello((story.staff_topic, -1))
            seq = (await agent.hear("resync"))["snapshot"]["seq"]
        assert (grown["kefu_resyncs"][0], grown["kefu_replay_events"][0]) == (1, 0)
        await in_thread(lambda: [say_as_customer(story, str(number)) for number in range(5)])

        async with Client(story.mei) as agent:
            await agent.hello((story.staff_topic, seq))
            missed = [event for event in (await agent.hear("events"))["events"] if event["kind"] == "message"]

        assert len(missed) == 5
        assert grown["kefu_resyncs"][0] == 1
        assert (grown["kefu_replay_events"][0], grown["kefu_replay_events"][1] >= 5) == (1, True)


@told
async def test_who_is_told_busy_is_counted_and_is_no_ack(story):
    async def full(*_: object, **__: object) -> None:
        raise Busy

    async with a_process() as hub, Client(story.customer) as customer:
        await customer.hello((story.customer_topic, -1))
        await customer.hear("resync")
        grown = Grown()
        writer, hub.writer = hub.writer, full
        customer.say("say", ref=story.ref, client_id="customer-0001", text="在吗")
        assert (await customer.hear("error"))["code"] == "busy"
        hub.writer = writer

        assert (grown["kefu_busy"][0], grown["kefu_ack_seconds"][0]) == (1, 0)


def test_a_socket_that_is_too_slow_is_counted_once():
    grown = Grown()
    slow = Connection(lambda _: None, credentials=Credentials(cookies={}))

    for _ in range(MOST_QUEUED + 3):
        slow.put(b"news")

    assert grown["kefu_slow_sockets"][0] == 1
