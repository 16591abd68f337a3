"""A socket whose hello brings a token: known by that and by no cookie, and ended with its session."""

from __future__ import annotations

import pytest

from kefu.accounts.actions import end_session, open_session
from kefu.accounts.bearer import WRONG_TOKEN, holder_of
from kefu.accounts.models import Customer
from kefu.accounts.tests.factories import make_other_brand
from kefu.conversations.actions import follow_private_link, make_private_link
from kefu.conversations.models import Message
from kefu.conversations.tests.factories import make_conversation, viewer_of
from kefu.conversations.tests.story import Story, in_thread
from kefu.realtime import rights
from kefu.realtime.tests.clients import Client, a_process, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> Story:
    return Story()


@told
async def test_a_token_lets_its_customer_hear_and_speak(story):
    async with a_process(), Client(token=story.customer["kefu_customer"]) as customer:
        await customer.hello((story.customer_topic, -1))
        await customer.hear("resync")
        customer.say("say", ref=story.ref, client_id="customer-0001", text="在吗")
        await customer.hear("ack", client_id="customer-0001")

    said = await in_thread(lambda: Message.objects.get(client_id="customer-0001").participant.customer_id)
    assert said == story.conversation.customer_id


@told
async def test_beside_a_token_cookies_say_nothing(story):
    other = await in_thread(lambda: make_conversation(story.house, text="别人的"))
    token = await in_thread(lambda: open_session(customer=other.customer))

    async with a_process(), Client(story.customer | story.mei, token=token) as customer:
        you = (await customer.hello())["you"]
        assert (you["kind"], you["id"]) == ("customer", other.customer_id)
        for topic in (story.customer_topic, story.staff_topic, f"desk/{story.house.team.pk}"):
            customer.say("watch", topic=topic)
            assert (await customer.hear("error"))["code"] == "not_found"


@told
async def test_beside_a_token_an_agents_cookies_open_no_desk(story):
    async with a_process(), Client(story.mei, token=story.customer["kefu_customer"]) as mallory:
        mallory.greet((story.staff_topic, -1))

        assert await mallory.hear_close() == 4001


def revoked(story: Story) -> str:
    token = open_session(customer=story.conversation.customer)
    end_session(customer=story.conversation.customer, token=token)
    return token


def of_a_private_link(story: Story) -> str:
    link = make_private_link(conversation=story.conversation, viewer=viewer_of(story.conversation))
    return follow_private_link(token=link, brand_id=story.house.brand.pk)


def of_another_brand(_story: Story) -> str:
    return open_session(customer=Customer.objects.create(brand=make_other_brand()))


def of_an_agent(story: Story) -> str:
    return next(iter(story.mei.values()))


def never_given(_story: Story) -> str:
    return "A" * 43


def no_token(_story: Story) -> str:
    return ""


@pytest.mark.parametrize(
    "wrong", [revoked, of_a_private_link, of_another_brand, of_an_agent, never_given, no_token]
)
@told
async def test_mallorys_token_opens_no_socket(story, wrong):
    token = await in_thread(lambda: wrong(story))

    async with a_process(), Client(story.customer, token=token) as mallory:
        mallory.greet((story.customer_topic, -1))

        assert await mallory.hear_close() == 4001


@told
async def test_a_strangers_token_does_not_hear_another(story):
    other = await in_thread(lambda: make_conversation(story.house, text="别人的"))
    token = await in_thread(lambda: open_session(customer=other.customer))

    async with a_process(), Client(token=token) as mallory:
        await mallory.hello((story.customer_topic, -1))

        assert (await mallory.hear("error"))["code"] == "not_found"


@told
async def test_the_same_token_on_another_brands_host_opens_nothing(story):
    await in_thread(make_other_brand)

    async with (
        a_process(),
        Client(token=story.customer["kefu_customer"], host="other.example:8000") as customer,
    ):
        customer.greet((story.customer_topic, -1))

        assert await customer.hear_close() == 4001


@told
async def test_a_session_that_somebody_ends_closes_its_socket_at_once(story):
    token = story.customer["kefu_customer"]

    async with a_process() as hub, Client(token=token) as customer:
        await customer.hello((story.customer_topic, -1))
        await in_thread(lambda: end_session(customer=story.conversation.customer, token=token))
        await hub.deliver_new()

        assert await customer.hear_close() == 4003


@told
async def test_another_session_of_the_same_customer_goes_on(story):
    other = await in_thread(lambda: open_session(customer=story.conversation.customer))

    async with a_process() as hub, Client(token=story.customer["kefu_customer"]) as customer:
        await customer.hello((story.customer_topic, -1))
        await in_thread(lambda: end_session(customer=story.conversation.customer, token=other))
        await hub.deliver_new()

        assert await customer.hear_close() == 1012


@told
async def test_rights_are_asked_anew_by_the_token(story):
    async with a_process(), Client(token=story.customer["kefu_customer"]) as customer:
        await customer.hello((story.customer_topic, -1))
        await customer.hear("resync")
        await rights.look()
        customer.say("ping")

        await customer.hear("pong")


@told
async def test_the_same_wrong_token_again_and_again_is_told_to_come_later(story):
    def use_up():
        for _ in range(WRONG_TOKEN.times):
            assert holder_of("A" * 43, brand_id=story.house.brand.pk, address="192.0.2.7") is None

    await in_thread(use_up)

    async with a_process(), Client(token="A" * 43) as mallory, Client(token="B" * 43) as colleague:
        for client, close in ((mallory, 1013), (colleague, 4001)):
            client.scope["client"] = ("192.0.2.7", 1)
            client.greet((story.customer_topic, -1))
            assert await client.hear_close() == close


@told
async def test_a_token_longer_than_any_of_ours_is_malformed(story):
    async with a_process(), Client() as mallory:
        mallory.wrong("hello", protocol=1, watch=[{"topic": story.customer_topic}], token="A" * 129)

        assert (await mallory.hear("error"))["code"] == "malformed"
