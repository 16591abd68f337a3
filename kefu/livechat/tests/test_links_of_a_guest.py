"""A guest's private links, once the guest is known: whoever holds one reads no further and speaks as nobody.

What we sent to an address that is proven by now goes on, and shows that conversation and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest
from django.test import Client

from kefu.accounts.actions import CodeProblem, ask_for_code, claim_email, mint_code, prove_by_code, vouch
from kefu.accounts.customer_cookie import LINK_COOKIE
from kefu.accounts.models import Customer, OneTimeCode
from kefu.accounts.tests.factories import make_customer
from kefu.accounts.viewers import CustomerViewer, link_holder_of
from kefu.conversations.actions import (
    Denied,
    Say,
    make_private_link,
    mint_private_link,
    resolve,
    say,
)
from kefu.conversations.drawing import Audience
from kefu.conversations.models import Conversation
from kefu.conversations.snapshot import topic_of
from kefu.conversations.tests.factories import (
    House,
    make_client_id,
    make_conversation,
    make_house,
    viewer_of,
)
from kefu.conversations.tests.story import in_thread
from kefu.conversations.tests.uploads import send_and_check
from kefu.exchange.tests.platforms import signed, with_secret
from kefu.livechat.tests.factories import LINK, post
from kefu.realtime.tests.clients import Client as Socket
from kefu.realtime.tests.clients import a_process, told
from kefu.safety.guard import guard
from kefu.safety.tests.files import picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CHAT = "/zh-hans/chat/"
MISTYPED, OWN, NAME, PHRASE = "mallory@mail.example", "lin.xiaomei@mail.example", "林小美", "蓝色的海豚"
Known = Callable[[Conversation], Customer]


@pytest.fixture
def house() -> House:
    house = make_house()
    with_secret(house.brand)
    return house


@pytest.fixture
def asked(house: House) -> Conversation:
    """What a guest asked, who then typed an address that is Mallory's."""
    conversation = make_conversation(house, text="充的币还没到账")
    claim_email(customer=conversation.customer, email=MISTYPED)
    return conversation


def vouched(conversation: Conversation) -> Customer:
    token = signed(name=NAME, email=OWN, email_verified=True, phrase=PHRASE)
    return vouch(brand=conversation.brand, viewer=viewer_of(conversation), token=token).customer


def proven(conversation: Conversation) -> Customer:
    return _prove(conversation.customer)


def proven_before(conversation: Conversation) -> Customer:
    """On another device."""
    _prove(make_customer(brand=conversation.brand))
    return proven(conversation)


def _prove(customer: Customer) -> Customer:
    viewer = CustomerViewer(customer.pk, customer.brand_id)
    ask_for_code(viewer=viewer, identity=claim_email(customer=customer, email=OWN))
    digits = mint_code(code_id=OneTimeCode.objects.latest("pk").pk)
    assert not isinstance(prove_by_code(viewer=viewer, typed=str(digits)), CodeProblem)
    customer.refresh_from_db()
    return customer.merged_into or customer


def shown_by(conversation: Conversation) -> str:
    """A link that the guest copied from the page."""
    return make_private_link(conversation=conversation, viewer=viewer_of(conversation))


def mailed_to(address: str) -> Callable[[Conversation], str]:
    def mail(conversation: Conversation) -> str:
        return str(mint_private_link(conversation_id=conversation.pk, address=address))

    return mail


def follow(link: str) -> Client:
    client = Client()
    client.get(f"{CHAT}link/{link}/")
    return client


def answers(client: Client, conversation: Conversation, file: str) -> list[int]:
    """Of every door behind which the conversation is."""
    ref = conversation.ref
    return [
        client.get(f"{CHAT}plain/{ref}/").status_code,
        client.get(f"{CHAT}earlier/", {"ref": ref, "before": "99"}).status_code,
        file_status(client, file),
        post(client, LINK, {"ref": ref}).status_code,
        post(client, f"{CHAT}rate/", {"ref": ref, "verdict": "solved"}).status_code,
        post(client, f"{CHAT}reopen/", {"ref": ref}).status_code,
    ]


def file_status(client: Client, key: str) -> int:
    with closing(client.get(f"/files/{key}/content")) as answer:
        return int(answer.status_code)


def page(client: Client, conversation: Conversation) -> str:
    return client.get(f"{CHAT}?conversation={conversation.ref}").content.decode()


@pytest.fixture
def file(house: House, asked: Conversation) -> str:
    """The key of a file that was said; the conversation is resolved now."""
    viewer = viewer_of(asked)
    attachment = send_and_check(asked, viewer, picture())
    say([said(asked, viewer, "看图", attachment.key)])
    resolve(conversation=asked, by=house.mei)
    return attachment.key


def said(conversation: Conversation, by: CustomerViewer, text: str, *files: str) -> Say:
    return Say(conversation_id=conversation.pk, by=by, client_id=make_client_id(), content=text, files=files)


@pytest.mark.parametrize("known", [vouched, proven, proven_before])
@pytest.mark.parametrize("link_of", [shown_by, mailed_to(MISTYPED)], ids=["shown", "mailed"])
def test_mallory_with_a_guests_link_reads_no_further_once_the_guest_is_known(
    asked: Conversation, file: str, link_of: Callable[[Conversation], str], known: Known
) -> None:
    link = link_of(asked)
    mallory = follow(link)
    holder = link_holder_of({LINK_COOKIE: mallory.cookies[LINK_COOKIE].value})
    assert holder is not None
    assert answers(mallory, asked, file) == [200] * 6
    another = post(mallory, LINK, {"ref": asked.ref}).json()["link"].split("/link/")[1]

    customer = known(asked)

    asked.refresh_from_db()
    assert asked.customer == customer
    assert answers(mallory, asked, file) == [404] * 6
    assert f'data-ref="{asked.ref}"' not in page(mallory, asked)
    assert isinstance(say([said(asked, holder, "我是本人")])[0], Denied) is (known is not proven)
    assert link_holder_of({LINK_COOKIE: mallory.cookies[LINK_COOKIE].value}) is None
    for again in (link, another.rstrip("/")):
        assert LINK_COOKIE not in follow(again).cookies


@pytest.mark.parametrize("known", [vouched, proven, proven_before])
def test_a_link_in_the_customers_own_mailbox_goes_on_and_shows_nothing_else(
    house: House, asked: Conversation, file: str, known: Known
) -> None:
    claim_email(customer=asked.customer, email=OWN)
    link = mailed_to(OWN)(asked)

    customer = known(asked)

    asked.refresh_from_db()
    other = make_conversation(house, CustomerViewer(customer.pk, customer.brand_id), text="还有一笔提现")
    Customer.objects.filter(pk=customer.pk).update(name=guard(NAME), phrase=PHRASE)
    holder = follow(link)
    assert answers(holder, asked, file) == [200] * 6
    assert answers(holder, other, file) == [404, 404, 200, 404, 404, 404]
    shown = [
        page(holder, asked),
        page(holder, other),
        *(holder.get(path).content.decode() for path in (CHAT, "/zh-hans/cases/", f"{CHAT}?new=1")),
        holder.get(f"{CHAT}plain/{asked.ref}/").content.decode(),
    ]
    private = (NAME, PHRASE, OWN, "mail.example", "还有一笔提现", other.ref)
    assert [words for words in private if any(words in one for one in shown)] == []
    assert holder.get("/zh-hans/cases/").content.decode().count(asked.ref) == 0
    assert holder.post(f"/zh-hans/cases/{asked.ref}/transcript/").status_code == 404


def test_no_letter_brings_a_link_to_where_the_customer_is_not(asked: Conversation) -> None:
    """It was posted while they were a guest, and leaves now."""
    assert mint_private_link(conversation_id=asked.pk, address=MISTYPED)
    vouched(asked)

    assert mint_private_link(conversation_id=asked.pk, address=MISTYPED) is None
    assert mint_private_link(conversation_id=asked.pk, address=OWN)


def test_a_guest_with_two_addresses_is_written_to_at_either(asked: Conversation) -> None:
    claim_email(customer=asked.customer, email=OWN)

    assert mint_private_link(conversation_id=asked.pk, address=MISTYPED)
    proven(asked)
    assert mint_private_link(conversation_id=asked.pk, address=MISTYPED) is None


@told
async def test_mallorys_open_socket_hears_nothing_more(asked: Conversation) -> None:
    def followed() -> dict[str, str]:
        client = follow(mailed_to(MISTYPED)(asked))
        return {name: morsel.value for name, morsel in client.cookies.items()}

    jar, topic = await in_thread(followed), topic_of(asked.ref, Audience.CUSTOMER)
    async with a_process() as hub, Socket(jar) as mallory:
        await mallory.hello((topic, -1))
        await in_thread(lambda: vouched(asked))
        await hub.deliver_new()
        assert await mallory.hear_close() == 4003
    async with a_process(), Socket(jar) as again:
        again.greet((topic, -1))
        assert await again.hear_close() == 4001
