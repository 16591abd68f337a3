"""A private link opens its conversation beside the browser's own customer, and never makes them somebody else."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.conversations.actions import make_private_link, revoke_private_links
from kefu.conversations.drawing import Audience
from kefu.conversations.models import Conversation, Message
from kefu.conversations.snapshot import topic_of
from kefu.conversations.tests.factories import House, make_conversation, make_house, viewer_of
from kefu.conversations.tests.story import in_thread
from kefu.livechat.tests.factories import ask, sign_in
from kefu.realtime.tests.clients import Client as Socket
from kefu.realtime.tests.clients import a_process, told

CHAT = "/zh-hans/chat/"
BAIT, OWN = "诱饵：请把你的卡号写在这里", "我自己的问题"


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def bait(house: House) -> Conversation:
    """Mallory's conversation, to which she sends people a link."""
    return make_conversation(house, text=BAIT)


@pytest.fixture
def own(house: House) -> Conversation:
    return make_conversation(house, text=OWN)


def follow(client: Client, conversation: Conversation) -> str:
    """The address to which the link leads."""
    token = make_private_link(conversation=conversation, viewer=viewer_of(conversation))
    return str(client.get(f"{CHAT}link/{token}/").headers["Location"])


def shown(client: Client, path: str = CHAT) -> str:
    return client.get(path).content.decode()


@pytest.mark.django_db
def test_a_link_leaves_the_browser_its_own_customer(
    client: Client, bait: Conversation, own: Conversation
) -> None:
    sign_in(client, own.customer)
    before = client.cookies[CUSTOMER_COOKIE].value

    linked = shown(client, follow(client, bait))

    assert client.cookies[CUSTOMER_COOKIE].value == before
    assert f'data-ref="{bait.ref}"' in linked
    for path in (CHAT, f"{CHAT}panel/", f"{CHAT}?conversation={own.ref}"):
        assert f'data-ref="{own.ref}"' in shown(client, path)


@pytest.mark.django_db
@pytest.mark.parametrize("known", [True, False])
def test_what_a_victim_asks_later_is_not_mallorys(
    client: Client, bait: Conversation, own: Conversation, known: bool
) -> None:
    if known:
        sign_in(client, own.customer)
    follow(client, bait)

    assert BAIT not in shown(client)
    asked = Conversation.objects.get(ref=ask(client, text="我的卡号是 1234").json()["ref"])

    assert asked.customer_id != bait.customer_id
    assert (asked.customer_id == own.customer_id) is known
    mallory = Client()
    sign_in(mallory, bait.customer)
    assert asked.ref not in shown(mallory, f"{CHAT}?new=1")
    assert Message.objects.filter(conversation=bait).count() == 1


@pytest.mark.django_db
def test_both_are_within_reach_and_told_apart(client: Client, bait: Conversation, own: Conversation) -> None:
    sign_in(client, own.customer)
    follow(client, bait)

    start = shown(client, f"{CHAT}?new=1")

    assert [start.count(f"?conversation={one.ref}") for one in (own, bait)] == [1, 1]
    assert start.count("由专属链接打开") == 1


@pytest.mark.django_db
def test_ones_own_conversation_is_not_listed_twice(client: Client, own: Conversation) -> None:
    follow(client, own)
    sign_in(client, own.customer)

    start = shown(client, f"{CHAT}?new=1")

    assert start.count(f"?conversation={own.ref}") == 1
    assert "由专属链接打开" not in start


@pytest.mark.django_db
@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_what_a_link_opened_says_so(
    client: Client, bait: Conversation, own: Conversation, language: str
) -> None:
    sign_in(client, own.customer)
    follow(client, bait)
    with translation.override(language):
        words = translation.gettext(
            "A private link opened this. Whoever has the link sees it and can write here."
        )

    assert words in shown(client, f"/{language}/chat/?conversation={bait.ref}")
    assert words not in shown(client, f"/{language}/chat/?conversation={own.ref}")


def jar(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def browser() -> tuple[Client, Conversation, Conversation]:
    """A browser with a customer of its own that followed Mallory's link; both conversations."""
    house, client = make_house(), Client()
    own, bait = make_conversation(house, text=OWN), make_conversation(house, text=BAIT)
    sign_in(client, own.customer)
    follow(client, bait)
    return client, own, bait


@pytest.mark.django_db(transaction=True)
@told
async def test_on_a_socket_each_conversation_has_its_own_person() -> None:
    client, own, bait = await in_thread(browser)
    async with a_process(), Socket(jar(client)) as socket:
        for number, one in enumerate((own, bait, own)):
            topic = topic_of(one.ref, Audience.CUSTOMER)
            if number:
                socket.say("watch", topic=topic, after=-1)
            else:
                await socket.hello((topic, -1))
            assert (await socket.hear("resync"))["snapshot"]["head"]["ref"] == one.ref
            socket.say("say", ref=one.ref, client_id=f"window-{number:08d}", text="在吗")
            await socket.hear("ack", client_id=f"window-{number:08d}")

    senders = await in_thread(
        lambda: list(Message.objects.order_by("pk").values_list("sender", flat=True)[2:])
    )
    assert senders == [f"customer:{one.customer_id}" for one in (own, bait, own)]


@pytest.mark.django_db(transaction=True)
@told
async def test_a_revoked_link_ends_what_came_by_it_and_nothing_else() -> None:
    client, own, bait = await in_thread(browser)
    topics = [topic_of(one.ref, Audience.CUSTOMER) for one in (own, bait)]
    async with a_process() as hub, Socket(jar(client)) as mine, Socket(jar(client)) as linked:
        for socket, topic in zip((mine, linked), topics, strict=True):
            await socket.hello((topic, -1))
        await in_thread(lambda: revoke_private_links(conversation=bait, viewer=viewer_of(bait)))
        await hub.deliver_new()

        await linked.hear_close()
        assert mine.closed is None
    async with a_process(), Socket(jar(client)) as again:
        await again.hello((topics[1], -1))
        await again.hear("error", code="not_found")


@pytest.mark.django_db(transaction=True)
@told
async def test_asking_anew_who_it_is_closes_neither() -> None:
    client, own, bait = await in_thread(browser)
    async with a_process() as hub, Socket(jar(client)) as mine, Socket(jar(client)) as linked:
        for socket, one in ((mine, own), (linked, bait)):
            await socket.hello((topic_of(one.ref, Audience.CUSTOMER), -1))

        for connection in hub.connections:
            await hub.ask_anew(connection)

        assert not any(connection.is_closing for connection in hub.connections)


@pytest.mark.django_db(transaction=True)
@told
async def test_who_has_a_link_and_no_customer_of_their_own_can_write() -> None:
    client, _, bait = await in_thread(browser)
    cookies = {name: value for name, value in jar(client).items() if name != CUSTOMER_COOKIE}
    async with a_process() as hub, Socket(cookies) as socket:
        await socket.hello((topic_of(bait.ref, Audience.CUSTOMER), -1))
        socket.say("say", ref=bait.ref, client_id="window-00000001", text="收到")
        await socket.hear("ack", client_id="window-00000001")

        for connection in hub.connections:
            await hub.ask_anew(connection)
        assert socket.closed is None
