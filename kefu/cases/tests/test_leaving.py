"""Whoever leaves a device that is not their own leaves nothing open there, of themselves or behind a private link."""

from __future__ import annotations

import pytest
from django.test import Client

from kefu.accounts.actions import open_session
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE, LINK_COOKIE
from kefu.accounts.viewers import customer_of, link_holder_of
from kefu.conversations.actions import make_private_link
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_conversation, make_house, viewer_of
from kefu.journal.models import Entry

pytestmark = pytest.mark.django_db

CASES, CHAT = "/en/cases/", "/en/chat/"
BUTTON, OF_CASES, OF_LINK = (
    "Forget me on this device",
    "nobody sees these cases here",
    "only by whoever opens the link",
)


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def linked(house: House) -> Conversation:
    return make_conversation(house, text="链接里的会话")


def follow(client: Client, conversation: Conversation) -> None:
    token = make_private_link(conversation=conversation, viewer=viewer_of(conversation))
    assert client.get(f"{CHAT}link/{token}/").status_code == 302


def sign_in(client: Client, house: House) -> None:
    client.cookies[CUSTOMER_COOKIE] = open_session(customer=make_conversation(house).customer)


def page(client: Client) -> str:
    return client.get(CASES).content.decode()


@pytest.mark.parametrize("is_known", [True, False])
def test_what_a_link_has_opened_is_closed_too(
    client: Client, house: House, linked: Conversation, is_known: bool
) -> None:
    if is_known:
        sign_in(client, house)
    follow(client, linked)
    cookies = {name: cookie.value for name, cookie in client.cookies.items()}
    assert client.get(f"{CHAT}plain/{linked.ref}/").status_code == 200

    answer = client.post(f"{CASES}leave/")

    assert {answer.cookies[name]["max-age"] for name in (CUSTOMER_COOKIE, LINK_COOKIE)} == {0}
    # Nor does a copy of the cookies open anything.
    client.cookies.load(cookies)
    assert client.get(f"{CHAT}plain/{linked.ref}/").status_code == 404
    assert (customer_of(cookies), link_holder_of(cookies)) == (None, None)
    assert Entry.objects.filter(kind="customer.sessions_ended").count() == 1 + is_known


@pytest.mark.parametrize(
    ("is_known", "has_link"), [(True, True), (True, False), (False, True), (False, False)]
)
def test_the_way_to_leave_is_there_with_true_words(
    client: Client, house: House, linked: Conversation, is_known: bool, has_link: bool
) -> None:
    if is_known:
        sign_in(client, house)
    if has_link:
        follow(client, linked)

    shown = page(client)

    assert (BUTTON in shown) == (is_known or has_link)
    assert (OF_CASES in shown, OF_LINK in shown) == (is_known, has_link)


def test_the_browser_forgets_what_was_written_where_no_script_has_done_so(
    client: Client, house: House
) -> None:
    sign_in(client, house)
    assert 'action="/en/cases/leave/" data-forget' in page(client)

    alone, scripted = (client.post(f"{CASES}leave/", {"forgotten": word}) for word in ("", "yes"))

    assert alone.headers["Clear-Site-Data"] == '"storage"'
    # It would take the theme along, and what an agent writes in another tab.
    assert "Clear-Site-Data" not in scripted.headers
