"""The protocol over the real handler, with commits that other connections see."""

from __future__ import annotations

import pytest

from kefu.accounts.actions import open_session
from kefu.accounts.models import Customer, Team
from kefu.conversations.actions import assign
from kefu.conversations.models import Message
from kefu.conversations.tests.story import Story, in_thread, say_as_customer
from kefu.realtime import socket
from kefu.realtime.tests.clients import Client, a_process, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> Story:
    return Story()


@told
async def test_both_sides_see_every_word_at_once(story):
    async with a_process() as hub, Client(story.customer) as customer, Client(story.mei) as agent:
        await customer.hello((story.customer_topic, -1))
        await agent.hello((story.staff_topic, -1))
        snapshot = (await agent.hear("resync"))["snapshot"]

        customer.say("say", ref=story.ref, client_id="customer-0001", text="在吗")
        ack = await customer.hear("ack", client_id="customer-0001")
        await hub.deliver_new()
        events = (await agent.hear("events"))["events"]

        assert ack["message"]["text"] == "在吗"
        assert [event["message"]["text"] for event in events if event["kind"] == "message"] == ["在吗"]
        assert events[0]["seq"] == snapshot["seq"] + 1

        head = events[-1]["head"]
        agent.say("say", ref=story.ref, client_id="agent-000001", text="在的", spoken_seq=head["spoken_seq"])
        await agent.hear("ack", client_id="agent-000001")
        await hub.deliver_new()
        for _ in range(2):
            heard = (await customer.hear("events"))["events"]
            texts = [event["message"]["text"] for event in heard if event["kind"] == "message"]
            if "在的" in texts:
                break
        assert "在的" in texts


@told
async def test_what_was_missed_is_replayed_in_order(story):
    async with a_process():
        async with Client(story.mei) as agent:
            await agent.hello((story.staff_topic, -1))
            seq = (await agent.hear("resync"))["snapshot"]["seq"]
        lines = [f"第 {number} 句" for number in range(5)]
        await in_thread(lambda: [say_as_customer(story, line) for line in lines])
        async with Client(story.mei) as agent:
            await agent.hello((story.staff_topic, seq))
            events = (await agent.hear("events"))["events"]

    assert [event["message"]["text"] for event in events if event["kind"] == "message"] == lines
    assert [event["seq"] for event in events[:-1]] == list(range(seq + 1, seq + 6))


@told
async def test_a_cursor_from_another_history_gets_a_snapshot(story):
    async with a_process(), Client(story.customer) as customer:
        await customer.hello((story.customer_topic, 10**6))

        assert (await customer.hear("resync"))["snapshot"]["head"]["ref"] == story.ref


@told
async def test_a_stale_reply_is_held_back_with_what_is_new(story):
    async with a_process(), Client(story.mei) as agent:
        await agent.hello((story.staff_topic, -1))
        seen = (await agent.hear("resync"))["snapshot"]["head"]["spoken_seq"]
        await in_thread(lambda: say_as_customer(story, "等等，金额写错了"))

        agent.say("say", ref=story.ref, client_id="agent-000001", text="已处理", spoken_seq=seen)
        stale = await agent.hear("stale", client_id="agent-000001")
        texts = [event["message"]["text"] for event in stale["events"] if event["kind"] == "message"]
        assert texts == ["等等，金额写错了"]

        agent.say(
            "say", ref=story.ref, client_id="agent-000001", text="已处理", spoken_seq=stale["spoken_seq"]
        )
        await agent.hear("ack", client_id="agent-000001")


@told
async def test_sending_again_after_a_lost_answer_stores_one(story):
    for _ in range(2):
        async with a_process(), Client(story.customer) as customer:
            await customer.hello((story.customer_topic, -1))
            customer.say("say", ref=story.ref, client_id="customer-0001", text="只说一次")
            first = (await customer.hear("ack"))["message"]["id"]

    messages = await in_thread(lambda: list(Message.objects.filter(client_id="customer-0001")))
    assert [message.pk for message in messages] == [first]


@told
async def test_typing_and_looking_reach_the_other_side_and_are_not_stored(story):
    async with a_process(), Client(story.customer) as customer, Client(story.mei) as agent:
        await customer.hello((story.customer_topic, -1))
        await agent.hello((story.staff_topic, -1))
        await agent.hear("resync")
        await customer.hear("resync")

        customer.say("typing", ref=story.ref)
        assert (await agent.hear("typing"))["who"]["kind"] == "customer"

        agent.say("typing", ref=story.ref)
        assert (await customer.hear("typing"))["who"] == {"kind": "agent", "id": 0, "name": "林美"}

        agent.say("looking", ref=story.ref)
        assert [who["name"] for who in (await agent.hear("looking"))["who"]] == ["林美"]


@told
async def test_mallory_listens_to_nothing(story):
    mallory = await in_thread(lambda: open_session(customer=Customer.objects.create(brand=story.house.brand)))
    async with a_process():
        async with Client({"kefu_customer": mallory}) as other:
            await other.hello((story.customer_topic, -1))
            assert (await other.hear("error"))["code"] == "not_found"
            other.say("say", ref=story.ref, client_id="mallory-00001", text="我")
            assert (await other.hear("error"))["code"] == "not_found"
            other.say("watch", topic=story.staff_topic)
            assert (await other.hear("error"))["code"] == "not_found"
        async with Client(story.stranger) as stranger:
            await stranger.hello((story.staff_topic, -1))
            assert (await stranger.hear("error"))["code"] == "not_found"
            stranger.say("watch", topic=f"desk/{story.house.team.pk}")
            assert (await stranger.hear("error"))["code"] == "not_found"
        for cookies in ({}, {"kefu_customer": "forged"}, {"kefu_staff": "forged"}):
            async with Client(cookies) as nobody:
                nobody.say("hello", protocol=1, watch=[{"topic": story.customer_topic, "after": -1}])
                assert await nobody.hear_close() == 4001
    assert await in_thread(lambda: Message.objects.filter(client_id="mallory-00001").count()) == 0


@told
async def test_a_customer_hears_no_note(story):
    async with a_process() as hub, Client(story.customer) as customer, Client(story.mei) as agent:
        await customer.hello((story.customer_topic, -1))
        await customer.hear("resync")
        await agent.hello((story.staff_topic, -1))
        agent.say("say", ref=story.ref, client_id="note-0000001", text="内部备注", visibility="staff")
        await agent.hear("ack")
        await hub.deliver_new()
        customer.say("ping")
        await customer.hear("pong")

        assert not [frame for frame in customer.told if "内部备注" in str(frame)]


@told
async def test_bad_frames_get_an_error_and_change_nothing(story):
    async with a_process(), Client(story.customer) as customer:
        await customer.hello((story.customer_topic, -1))
        before = await in_thread(Message.objects.count)
        bad = {
            "{": "malformed",
            "[]": "malformed",
            '{"type":"fly"}': "unknown",
            '{"type":"say"}': "malformed",
            '{"type":"say","ref":"x","client_id":"12345678","text":"x"}': "malformed",
            '{"type":"ping","more":1}': "malformed",
            '{"more":' + "[" * 20_000 + "]" * 20_000 + ',"type":"ping"}': "malformed",
            '{"type":"say","text":' + "[" * 20_000: "malformed",
            b'{"type":"say","ref":"\xff"}': "malformed",
            '{"type":"hello","protocol":1}': "protocol",
            "x" * 70000: "too_large",
        }
        for raw, code in bad.items():
            customer.raw(raw)
            assert (await customer.hear("error"))["code"] == code
        long = "x" * 8001
        customer.wrong("say", ref=story.ref, client_id="customer-0002", text=long)
        assert (await customer.hear("error"))["code"] == "malformed"
        customer.say("say", ref=story.ref, client_id="customer-0003", text="a\0b")
        assert (await customer.hear("error", client_id="customer-0003"))["code"] == "malformed"
        assert await in_thread(Message.objects.count) == before
        customer.say("say", ref=story.ref, client_id="customer-0004", text="the character \\u0000")
        assert (await customer.hear("ack"))["message"]["text"] == "the character \\u0000"


@pytest.mark.parametrize(
    "first", [b'{"type":"hello","protocol":1,"token":"\xff"}', '{"x":' + "[" * 20_000 + ',"type":"hello"}']
)
@told
async def test_a_first_frame_that_nobody_can_read_is_answered_in_words(story, first):
    async with a_process(), Client() as client:
        client.raw(first)
        assert (await client.hear("error"))["code"] == "malformed"
        client.task.result() if client.task.done() else None


@told
async def test_a_first_frame_that_is_no_hello_ends_the_socket(story):
    async with a_process(), Client(story.customer) as customer:
        customer.say("ping")

        assert await customer.hear_close() == 4009


@told
async def test_whoever_loses_the_team_loses_the_socket(story):
    async with a_process() as hub, Client(story.mei) as agent:
        await agent.hello((story.staff_topic, -1))
        await agent.hear("resync")
        await in_thread(story.house.mei.teams.clear)
        agent.say("watch", topic=story.staff_topic, after=0)

        assert await agent.hear_close() == 4003
    assert hub


@told
async def test_the_desk_hears_of_new_rows_and_absolute_counts(story):
    topic = f"desk/{story.house.team.pk}"
    async with a_process() as hub, Client(story.mei) as agent:
        await agent.hello((topic, -1))
        assert (await agent.hear("counts"))["unassigned"] == 1
        await in_thread(
            lambda: assign(conversation=story.conversation, to=story.house.mei, by=story.house.mei)
        )
        await hub.deliver_new()

        row = (await agent.hear("events"))["events"][0]["row"]
        counts = await agent.hear("counts")
        assert row["assignee"]["name"] == "林美"
        assert (counts["open"], counts["unassigned"], counts["by_assignee"]) == (
            1,
            0,
            {str(story.house.mei.pk): 1},
        )


@told
async def test_a_reader_too_slow_is_closed_and_not_told_less(story):
    async with a_process() as hub, Client(story.customer) as customer:
        await customer.hello((story.customer_topic, -1))
        await customer.hear("resync")
        connection = next(iter(hub.connections))
        for _ in range(400):
            connection.put(b'{"type":"pong"}')

        assert await customer.hear_close() == 4008


@told
async def test_an_agent_of_more_teams_than_a_hello_holds_hears_of_all(story):
    teams = await in_thread(lambda: add_teams(story.house.mei, 70))
    async with a_process() as hub, Client(story.mei) as agent:
        await agent.hello(*[(f"desk/{team.pk}", -1) for team in teams[:50]])
        for team in teams[50:]:
            agent.say("watch", topic=f"desk/{team.pk}", after=-1)

        for team in teams:
            assert (await agent.hear("counts", topic=f"desk/{team.pk}"))["open"] == 0
        assert len(next(iter(hub.connections)).topics) == 70


@told
async def test_a_socket_that_listens_to_enough_is_told_that_it_is_too_many(story, monkeypatch):
    monkeypatch.setattr(socket, "MOST_TOPICS", 2)
    teams = await in_thread(lambda: add_teams(story.house.mei, 3))
    async with a_process() as hub, Client(story.mei) as agent:
        await agent.hello(*[(f"desk/{team.pk}", -1) for team in teams])
        assert (await agent.hear("error"))["code"] == "too_many"

        agent.say("unwatch", topic=f"desk/{teams[0].pk}")
        agent.say("watch", topic=f"desk/{teams[2].pk}", after=-1)
        await agent.hear("counts", topic=f"desk/{teams[2].pk}")
        assert len(next(iter(hub.connections)).topics) == 2


def add_teams(agent, number):
    teams = [
        Team.objects.create(brand=agent.teams.get().brand, key=f"team-{place}", name=f"第 {place} 组")
        for place in range(number)
    ]
    agent.teams.set(teams)
    return teams
