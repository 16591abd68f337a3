"""Where the server has such a way, what is said goes to the writer in the moment it comes: same answers, same order."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from kefu.conversations import socket_verbs
from kefu.conversations.models import Message
from kefu.conversations.tests.story import Story, in_thread, say_as_customer
from kefu.realtime.connection import HEARD_AT_ONCE, LOST_PERMISSION, TakeAtOnce
from kefu.realtime.database import Busy
from kefu.realtime.tests.clients import Client, a_process, told

pytestmark = pytest.mark.django_db(transaction=True)


class Quick(Client):
    """On a server that asks first whether what has come is taken at once."""

    def __init__(self, cookies: dict[str, str] | None = None) -> None:
        super().__init__(cookies)
        self.take: TakeAtOnce | None = None
        self.taken: list[bool] = []
        self.scope["extensions"] = {HEARD_AT_ONCE: self._hear_at_once}

    def _hear_at_once(self, take: TakeAtOnce | None) -> None:
        self.take = take

    def raw(self, text: str | bytes) -> None:
        raw = text.encode() if isinstance(text, str) else text
        # As our clients write it, without spaces between.
        raw = raw.replace(b'{"type": ', b'{"type":')
        self.taken.append(bool(self.take and self.inbox.empty() and self.take(raw)))
        if not self.taken[-1]:
            super().raw(raw.decode())


@pytest.fixture
def story() -> Story:
    return Story()


@contextlib.asynccontextmanager
async def listening(cookies: dict[str, str], topic: str) -> AsyncIterator[Quick]:
    """Somebody who has been greeted and has all of the topic, so that nothing of theirs is under way."""
    async with a_process(), Quick(cookies) as client:
        await client.hello((topic, -1))
        await client.hear("resync")
        client.taken.clear()
        yield client


def texts(conversation_id: int) -> list[str]:
    return [str(one.text) for one in Message.objects.filter(conversation=conversation_id).order_by("seq")]


@told
async def test_what_comes_while_another_is_under_way_is_answered_behind_it(story: Story) -> None:
    async with listening(story.customer, story.customer_topic) as customer:
        for place in range(3):
            customer.say("say", ref=story.ref, client_id=f"customer-000{place}", text=f"第{place}句")
        heard = [(await customer.hear("ack"))["client_id"] for _ in range(3)]
        customer.say("say", ref=story.ref, client_id="customer-0009", text="最后")
        await customer.hear("ack", client_id="customer-0009")

    assert heard == [f"customer-000{place}" for place in range(3)]
    assert customer.taken == [True, False, False, True]
    assert (await in_thread(lambda: texts(story.conversation.pk)))[-4:] == ["第0句", "第1句", "第2句", "最后"]
    assert customer.take is None, "Nobody is asked any more."


@pytest.mark.parametrize("kind", [Quick, Client])
def test_what_waits_for_its_turn_is_not_taken_from_a_socket_that_is_closed_meanwhile(
    story: Story, monkeypatch: pytest.MonkeyPatch, kind: type[Client]
) -> None:
    may_go_on, say_together = threading.Event(), socket_verbs.say_together

    def slowly(spoken: Sequence[Any]) -> Sequence[Any]:
        may_go_on.wait(20)
        return say_together(spoken)

    @told
    async def tell() -> None:
        async with a_process() as hub, kind(story.customer) as customer:
            await customer.hello((story.customer_topic, -1))
            await customer.hear("resync")
            monkeypatch.setattr(socket_verbs, "say_together", slowly)
            for place in range(2):
                customer.say("say", ref=story.ref, client_id=f"customer-000{place}", text=f"第{place}句")
            await asyncio.sleep(0.1)
            for connection in hub.connections:
                connection.close(LOST_PERMISSION)
            may_go_on.set()
            assert await customer.hear_close() == LOST_PERMISSION
            customer.inbox.put_nowait({"type": "websocket.disconnect"})
            while hub.connections:
                await asyncio.sleep(0.01)

    tell()

    assert texts(story.conversation.pk)[-1] == "第0句"


@told
async def test_what_goes_the_usual_way_is_passed_by_nothing(story: Story) -> None:
    async with listening(story.customer, story.customer_topic) as customer:
        customer.say("ping")
        customer.say("say", ref=story.ref, client_id="customer-0001", text="在吗")
        await customer.hear("ack")

    assert customer.taken == [False, False]
    assert [one["type"] for one in customer.told if one["type"] in {"pong", "ack"}] == ["pong"]


@told
async def test_what_is_not_whole_is_refused_and_the_next_is_taken(story: Story) -> None:
    async with listening(story.customer, story.customer_topic) as customer:
        customer.wrong("say", ref="nowhere", client_id="customer-0001", text="在吗")
        assert (await customer.hear("error"))["code"] == "malformed"
        customer.say("say", ref=story.ref, client_id="customer-0002", text="")
        assert (await customer.hear("error", client_id="customer-0002"))["code"] == "malformed"
        customer.say("say", ref=story.ref, client_id="customer-0003", text="在吗")
        await customer.hear("ack", client_id="customer-0003")

    assert customer.taken == [False, True, True]


@told
async def test_a_stale_reply_is_told_what_came_first_and_the_next_is_taken(story: Story) -> None:
    await in_thread(lambda: say_as_customer(story, "等等"))
    async with listening(story.mei, story.staff_topic) as agent:
        agent.say("say", ref=story.ref, client_id="agent-000001", text="好的", spoken_seq=0)
        stale = await agent.hear("stale", client_id="agent-000001")
        agent.say("say", ref=story.ref, client_id="agent-000002", text="好的", spoken_seq=stale["spoken_seq"])
        await agent.hear("ack", client_id="agent-000002")

    assert "等等" in str(stale["events"])


@pytest.mark.parametrize(("problem", "code"), [(Busy(), "busy"), (RuntimeError("a mistake"), "refused")])
@pytest.mark.parametrize("when", ["before", "later"])
def test_what_fails_is_said_and_the_next_is_taken(
    story: Story, monkeypatch: pytest.MonkeyPatch, when: str, problem: Exception, code: str
) -> None:
    def failing(*_: Any, **__: Any) -> Sequence[Any]:
        raise problem

    @told
    async def tell() -> None:
        async with a_process() as hub, Quick(story.customer) as customer:
            await customer.hello((story.customer_topic, -1))
            await customer.hear("resync")
            with monkeypatch.context() as broken:
                if when == "before":
                    broken.setattr(hub.writer, "ask", failing)
                else:
                    broken.setattr(socket_verbs, "say_together", failing)
                customer.say("say", ref=story.ref, client_id="customer-0001", text="在吗")
                told_of = await customer.hear("error", client_id="customer-0001")
            customer.say("say", ref=story.ref, client_id="customer-0001", text="在吗")
            await customer.hear("ack", client_id="customer-0001")
            assert told_of["code"] == code
            assert customer.taken[-2:] == [True, True]

    tell()


@told
async def test_what_is_stale_and_can_not_be_shown_says_so(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any) -> bytes:
        raise Busy

    await in_thread(lambda: say_as_customer(story, "等等"))
    monkeypatch.setattr(socket_verbs, "draw_stale", failing)
    async with listening(story.mei, story.staff_topic) as agent:
        agent.say("say", ref=story.ref, client_id="agent-000001", text="好的", spoken_seq=0)
        assert (await agent.hear("error", client_id="agent-000001"))["code"] == "busy"


@told
async def test_who_listens_alone_is_told_what_they_have_said_once(story: Story) -> None:
    async with a_process() as hub, Quick(story.customer) as customer, Client(story.mei) as agent:
        await customer.hello((story.customer_topic, -1))
        await agent.hello((story.staff_topic, -1))
        await customer.hear("resync")
        customer.say("say", ref=story.ref, client_id="customer-0001", text="在吗")
        ack = await customer.hear("ack")
        await hub.deliver_new()
        said = (await agent.hear("events"))["events"]
        agent.say(
            "say",
            ref=story.ref,
            client_id="agent-000001",
            text="在的",
            spoken_seq=said[-1]["head"]["spoken_seq"],
        )
        await agent.hear("ack")
        await hub.deliver_new()
        heard = (await customer.hear("events"))["events"]

    assert said[0]["message"]["text"] == "在吗"
    assert ack["head"]["turn"] == "first_reply"
    assert heard[0]["seq"] == ack["message"]["seq"] + 1
    assert [one for one in customer.told if one["type"] == "events"] == []


@told
async def test_who_has_two_windows_is_told_in_both(story: Story) -> None:
    async with a_process() as hub, Quick(story.customer) as one, Client(story.customer) as other:
        for window in (one, other):
            await window.hello((story.customer_topic, -1))
            await window.hear("resync")
        one.say("say", ref=story.ref, client_id="customer-0001", text="在吗")
        ack = await one.hear("ack")
        await hub.deliver_new()

        for window in (one, other):
            events = (await window.hear("events"))["events"]
            assert events[0]["message"]["id"] == ack["message"]["id"]
            assert events[-1]["head"] == ack["head"]


@told
async def test_a_window_that_is_opened_before_it_is_delivered_is_told_as_well(story: Story) -> None:
    async with a_process() as hub, Quick(story.customer) as one, Client(story.customer) as other:
        await one.hello((story.customer_topic, -1))
        seq = (await one.hear("resync"))["snapshot"]["seq"]
        one.say("say", ref=story.ref, client_id="customer-0001", text="在吗")
        await one.hear("ack")
        await other.hello((story.customer_topic, seq))
        await other.hear("events")
        await hub.deliver_new()

        for window in (one, other):
            assert (await window.hear("events"))["events"][0]["seq"] == seq + 1
