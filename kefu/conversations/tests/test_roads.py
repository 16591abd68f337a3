"""Where sockets are blocked: the same frames, the same rights and the same law by polls and by streams."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from kefu.conversations.models import Message
from kefu.conversations.tests.story import Story, in_thread, say_as_customer
from kefu.journal.models import Entry
from kefu.realtime import roads
from kefu.realtime.tests.clients import Client, a_process, told
from kefu.realtime.tests.road import Road

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> Story:
    return Story()


def kinds(answer: Any) -> list[str]:
    return [frame["type"] for frame in answer["frames"]]


@told
async def test_a_poll_greets_shows_what_is_there_and_says_what_it_brings(story):
    watch = [{"topic": story.customer_topic, "after": -1}]
    said = {"type": "say", "ref": story.ref, "client_id": "customer-0001", "text": "在吗"}
    async with a_process():
        answer = await Road(story.customer).ask(watch=watch, frames=[said])

    assert kinds(answer) == ["hello", "resync", "ack"]
    assert answer["close"] is None
    assert await in_thread(Message.objects.filter(client_id="customer-0001").count) == 1


@told
async def test_a_poll_waits_for_what_comes(story):
    seq = story.conversation.customer_seq
    async with a_process() as hub:
        asking = asyncio.create_task(
            Road(story.customer).ask(watch=[{"topic": story.customer_topic, "after": seq}], wait=15)
        )
        while story.customer_topic not in hub._listening:
            await asyncio.sleep(0.01)
        await in_thread(lambda: say_as_customer(story, "还有一件事"))
        await hub.deliver_new()
        answer = await asking

    assert set(kinds(answer)) == {"hello", "events"}
    assert "还有一件事" in json.dumps(answer, ensure_ascii=False)


@told
async def test_a_poll_with_nothing_new_ends_when_its_time_is_over(story):
    seq = story.conversation.customer_seq
    async with a_process():
        answer = await Road(story.customer).ask(
            watch=[{"topic": story.customer_topic, "after": seq}], wait=0.05
        )

    assert kinds(answer) == ["hello"]


@pytest.mark.slow
@told
async def test_counts_and_what_it_has_do_not_end_the_waiting_of_a_desk(story):
    topic = f"desk/{story.house.team.pk}"
    cursor = await in_thread(_last_entry)
    async with a_process():
        began = asyncio.get_running_loop().time()
        answer = await Road(story.mei).ask(watch=[{"topic": topic, "after": cursor}], wait=0.4)

        took = asyncio.get_running_loop().time() - began

    # What was committed just before the cursor is told once more, to be sure, and is no news either.
    assert kinds(answer) == ["hello", "events", "counts"]
    assert took >= 0.4


def _last_entry() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@told
async def test_saying_it_by_every_road_stores_it_once(story):
    said = {"type": "say", "ref": story.ref, "client_id": "customer-0002", "text": "只说一次"}
    async with a_process(), Client(story.customer) as socket:
        await socket.hello()
        socket.say(**{"type_": "say"} | {key: value for key, value in said.items() if key != "type"})
        by_socket = (await socket.hear("ack"))["message"]
        polls = await asyncio.gather(*(Road(story.customer).ask(frames=[said], wait=0) for _ in range(3)))

    assert all(answer["frames"][-1]["message"] == by_socket for answer in polls)
    assert await in_thread(Message.objects.filter(client_id="customer-0002").count) == 1


@told
async def test_a_stream_tells_each_frame_as_it_comes(story):
    seq = story.conversation.customer_seq
    road = Road(story.customer, accept="text/event-stream")
    heard = []
    async with a_process() as hub:
        async for frame in road.events(watch=[{"topic": story.customer_topic, "after": seq}]):
            heard.append(frame["type"])
            if frame["type"] == "pong":
                await in_thread(lambda: say_as_customer(story, "流里的话"))
                await hub.deliver_new()
            if frame["type"] == "events":
                assert "流里的话" in json.dumps(frame, ensure_ascii=False)
                break

    assert heard == ["hello", "pong", "events"]
    assert road.status == 200


@told
async def test_who_is_not_signed_in_is_told_so_by_the_same_code(story):
    async with a_process():
        answer = await Road().ask(watch=[{"topic": story.customer_topic, "after": -1}])
        stream = Road(accept="text/event-stream")
        assert [frame async for frame in stream.events()] == []

    assert answer == {"frames": [], "close": 4001}
    assert b"event: close\ndata: 4001\n\n" in stream.body


@told
async def test_mallory_hears_nothing_by_another_road(story):
    for cookies, topic in (
        (story.customer, story.staff_topic),
        (story.customer, f"desk/{story.house.team.pk}"),
        (story.stranger, story.staff_topic),
    ):
        async with a_process():
            answer = await Road(cookies).ask(watch=[{"topic": topic, "after": -1}], wait=0.05)
        assert answer["close"] == 4001 or answer["frames"][-1]["code"] == "not_found"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed"),
        (b"nonsense", 400, "malformed"),
        (b'{"protocol": 1, "wait": 3600}', 400, "malformed"),
        (b'{"protocol": 1, "more": 1}', 400, "malformed"),
        (json.dumps({"protocol": 1, "frames": [{}] * 51}).encode(), 400, "malformed"),
        (b'{"protocol": 1, "token": "\xff"}', 400, "malformed"),
        (b'{"protocol": 1, "frames": [' + b"[" * 20_000 + b"]}", 400, "malformed"),
        (b" " * (roads.LARGEST_REQUEST + 1), 413, "too_large"),
    ],
)
def test_bad_requests_get_a_code_and_change_nothing(body, status, code):
    road = Road()

    answer = asyncio.run(road.ask(body))

    assert (road.status, answer["code"]) == (status, code)


@told
async def test_a_bad_frame_among_good_ones_fails_alone(story):
    good = {"type": "say", "ref": story.ref, "client_id": "customer-0003", "text": "好的"}
    asked = {"protocol": 1, "frames": [{"type": "ping"}, {"type": "what"}, [1], good], "wait": 0}
    async with a_process():
        answer = await Road(story.customer).ask(json.dumps(asked).encode())

    assert kinds(answer) == ["hello", "pong", "error", "error", "ack"]


@told
async def test_a_frame_that_is_no_text_fails_alone(story):
    good = b'{"type": "ping"}'
    asked = b'{"protocol": 1, "frames": [' + good + b', {"type": "say", "ref": "\xff"}], "wait": 0}'
    async with a_process():
        answer = await Road(story.customer).ask(asked)

    assert kinds(answer) == ["hello", "pong", "error"]


@told
async def test_another_protocol_is_outdated(story):
    async with a_process():
        answer = await Road(story.customer).ask(b'{"protocol": 2}')

    assert answer["close"] == 4009


@told
async def test_who_goes_away_while_waiting_leaves_nothing_behind(story):
    road, seq = Road(story.customer), story.conversation.customer_seq
    async with a_process() as hub:
        asking = asyncio.create_task(road.ask(watch=[{"topic": story.customer_topic, "after": seq}], wait=25))
        while story.customer_topic not in hub._listening:
            await asyncio.sleep(0.01)
        road.goes.set()
        await asking
        assert not hub.connections
        assert story.customer_topic not in hub._listening
