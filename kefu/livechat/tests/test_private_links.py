"""A private link: made for the customer's own conversation, swapped for a cookie of its own, never left in an address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import Settings

from kefu.accounts.customer_cookie import CUSTOMER_COOKIE, LINK_COOKIE
from kefu.conversations.actions import make_private_link
from kefu.conversations.models import Conversation, PrivateLink
from kefu.conversations.tests.factories import House, make_conversation, make_house, viewer_of
from kefu.livechat import views
from kefu.livechat.tests.factories import LINK, ask, post, sign_in
from kefu.safety.limits import Limit

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def conversation(house: House) -> Conversation:
    return make_conversation(house)


def link_to(conversation: Conversation) -> str:
    return f"/en/chat/link/{make_private_link(conversation=conversation, viewer=viewer_of(conversation))}/"


def test_the_token_is_swapped_for_a_cookie_and_leaves_the_address(
    conversation: Conversation, client: Client
) -> None:
    answer = client.get(link_to(conversation))

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/en/chat/?conversation={conversation.ref}"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    assert f'data-ref="{conversation.ref}"' in client.get(answer.headers["Location"]).content.decode()
    cookie = answer.cookies[LINK_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["expires"]) == (
        True,
        "Lax",
        "",
        "",
    )


def test_a_link_opens_its_own_conversation_and_no_other(
    house: House, conversation: Conversation, client: Client
) -> None:
    other = make_conversation(house, viewer_of(conversation), text="同一位客户的另一件事")
    client.get(link_to(conversation))

    page = client.get(f"/en/chat/?conversation={other.ref}").content.decode()

    assert "同一位客户的另一件事" not in page
    assert client.get("/en/chat/earlier/", {"ref": other.ref, "before": "9"}).status_code == 404
    assert post(client, LINK, {"ref": other.ref}).status_code == 404


def test_whoever_sees_the_conversation_already_keeps_their_own_cookie(
    conversation: Conversation, client: Client
) -> None:
    sign_in(client, conversation.customer)

    answer = client.get(link_to(conversation))

    assert not answer.cookies


@pytest.mark.parametrize("token", ["x", "A" * 43, "%2e%2e", "A" * 3000, "助记词"])
def test_an_unknown_token_gives_a_kind_page_and_no_cookie(house: House, client: Client, token: str) -> None:
    answer = client.get(f"/en/chat/link/{token}/")

    assert answer.status_code == 404
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    assert "chat" in answer.content.decode()


def test_a_tampered_or_ended_link_opens_nothing(conversation: Conversation, client: Client) -> None:
    path = link_to(conversation)
    tampered = path[:-2] + ("A" if path[-2] != "A" else "B") + "/"

    assert client.get(tampered).status_code == 404
    PrivateLink.objects.update(revoked_at=now())
    assert client.get(path).status_code == 404
    PrivateLink.objects.update(revoked_at=None)
    Conversation.objects.update(state="resolved", resolved_at=now() - timedelta(days=91))
    assert client.get(path).status_code == 404


def test_a_link_of_another_brand_opens_nothing_here(conversation: Conversation, client: Client) -> None:
    path = link_to(conversation)
    elsewhere = make_house("polar", "PX")
    Conversation.objects.update(brand=elsewhere.brand)

    assert client.get(path).status_code == 404


def test_following_too_many_links_is_refused(
    conversation: Conversation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LINKS_FOLLOWED", Limit("one", 1, timedelta(minutes=10)))
    client.get(link_to(conversation))

    answer = client.get(link_to(conversation))

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1


def test_links_are_followed_so_often_by_one_network(
    conversation: Conversation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LINKS_FOLLOWED", Limit("one", 1, timedelta(minutes=10)))

    answers = [
        client.get(link_to(conversation), REMOTE_ADDR=address).status_code
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:9::1", "2001:db8:1:3::1")
    ]

    assert answers == [302, 429, 302]


def test_the_customer_can_have_another_link(conversation: Conversation, client: Client) -> None:
    sign_in(client, conversation.customer)

    link = post(client, LINK, {"ref": conversation.ref}).json()["link"]

    assert Client().get(link.removeprefix("http://testserver")).status_code == 302
    assert link.rstrip("/").rsplit("/", 1)[1] not in PrivateLink.objects.get().token_hash


def test_nobody_else_gets_a_link(house: House, conversation: Conversation, client: Client) -> None:
    assert post(client, LINK, {"ref": conversation.ref}).status_code == 404
    sign_in(client, make_conversation(house).customer)
    assert post(client, LINK, {"ref": conversation.ref}).status_code == 404
    assert client.post(LINK, {"ref": conversation.ref}, content_type="application/json").status_code == 403
    assert not PrivateLink.objects.exists()


def test_links_are_made_so_often_and_no_more(
    conversation: Conversation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LINKS_MADE", Limit("one", 1, timedelta(hours=1)))
    sign_in(client, conversation.customer)

    answers = [post(client, LINK, {"ref": conversation.ref}).status_code for _ in range(2)]

    assert answers == [200, 429]


def test_a_bad_request_for_a_link_is_refused(conversation: Conversation, client: Client) -> None:
    sign_in(client, conversation.customer)

    assert post(client, LINK, {"ref": 5}).status_code == 400


def test_the_holder_of_a_link_asks_anew_as_somebody_new(conversation: Conversation, client: Client) -> None:
    client.get(link_to(conversation))

    answer = ask(client)

    asked = Conversation.objects.get(ref=answer.json()["ref"])
    assert asked.customer_id != conversation.customer_id
    assert CUSTOMER_COOKIE in answer.cookies


def test_the_holder_reads_back_and_makes_another_link(conversation: Conversation, client: Client) -> None:
    client.get(link_to(conversation))

    earlier = client.get("/en/chat/earlier/", {"ref": conversation.ref, "before": "9"})
    assert [event["kind"] for event in earlier.json()["events"]] == ["opened", "message"]
    assert post(client, LINK, {"ref": conversation.ref}).status_code == 200


def test_a_link_of_another_brand_is_nothing_here_though_its_cookie_is_sent(
    conversation: Conversation, client: Client, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "polar.example"]
    client.get(link_to(conversation))
    elsewhere = make_house("polar", "PX")
    elsewhere.brand.hosts = ["polar.example"]
    elsewhere.brand.save(update_fields=["hosts"])

    page = client.get(f"/en/chat/?conversation={conversation.ref}", headers={"Host": "polar.example"})

    assert page.status_code == 200
    assert conversation.ref not in page.content.decode()
