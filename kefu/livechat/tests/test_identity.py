"""The door for the platform's users: a token in, a session out, and nothing for anybody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from django.test import Client
from django.utils.timezone import now

from kefu.accounts.actions import open_session
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer, Level
from kefu.accounts.tests.factories import make_customer, make_other_brand
from kefu.accounts.viewers import customer_by
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_house
from kefu.exchange.tests.platforms import signed, with_key_set, with_secret
from kefu.livechat import identity
from kefu.livechat.tests.factories import ask
from kefu.safety.limits import Limit

pytestmark = pytest.mark.django_db

IDENTITY = "/zh-hans/chat/identity/"


@pytest.fixture
def house() -> House:
    house = make_house()
    with_secret(house.brand)
    return house


def bring(client: Client, token: str, *, cookie: bool = False, **headers: str) -> Any:
    values = {"token": token} | ({"cookie": True} if cookie else {})
    return client.post(IDENTITY, values, content_type="application/json", headers=headers)


def test_a_token_is_exchanged_for_a_session(house: House, client: Client) -> None:
    answer = bring(client, signed(name="林小美"))

    said = answer.json()
    viewer = customer_by(said["session"])
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies
    assert viewer is not None
    assert Customer.objects.get(pk=viewer.customer_id).level == Level.VOUCHED
    assert timedelta(hours=23) < datetime.fromisoformat(said["ends_at"]) - now() <= timedelta(days=1)


def test_our_own_pages_get_the_session_into_the_cookie(house: House, client: Client) -> None:
    ref = ask(client).json()["ref"]

    answer = bring(client, signed(), cookie=True, **{"Sec-Fetch-Site": "same-origin"})

    assert (answer.status_code, answer.json()) == (200, {"ends_at": ANY})
    assert answer.cookies[CUSTOMER_COOKIE]["httponly"]
    assert Conversation.objects.get(ref=ref).customer.level == Level.VOUCHED
    assert f'data-ref="{ref}"' in client.get("/zh-hans/chat/").content.decode()


def test_a_bearers_conversations_come_along(house: House) -> None:
    visitor = make_customer()

    bring(Client(), signed(), Authorization=f"Bearer {open_session(customer=visitor)}")

    visitor.refresh_from_db()
    assert visitor.merged_into is not None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_sets_nobodys_cookie(house: House, client: Client, headers: dict[str, str]) -> None:
    """Else Mallory's page could have somebody chat as Mallory, and read along."""
    answer = bring(client, signed(), cookie=True, **headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "refused")
    assert not answer.cookies
    assert not Customer.objects.exists()


def test_a_cookie_that_happens_to_be_there_is_nobody_to_take_along(house: House, client: Client) -> None:
    """Else Mallory's page could make a visitor's conversations Mallory's, with a token for Mallory."""
    visitor = make_customer()
    client.cookies[CUSTOMER_COOKIE] = open_session(customer=visitor)

    assert bring(client, signed(), **{"Sec-Fetch-Site": "same-site"}).status_code == 200

    visitor.refresh_from_db()
    assert visitor.merged_into is None


def test_a_form_of_another_site_can_not_send_this(house: House, client: Client) -> None:
    answer = client.post(IDENTITY, '{"token": "x"}', content_type="text/plain")

    assert answer.status_code == 403


def test_a_token_opens_the_door_once(house: House, client: Client) -> None:
    token = signed()
    bring(client, token)

    answer = bring(client, token)

    assert (answer.status_code, answer.json()) == (401, {"code": "replayed", "message": ANY})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": "Mallory's own secret, as long as ours is"}, "signature"),
        ({"aud": "other"}, "audience"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iat": 1_700_000_000, "exp": 1_700_000_300}, "expired"),
        ({"jti": None}, "missing_claim"),
        ({"sub": "x" * 300}, "malformed"),
        ({"name": "x" * 9000}, "too_large"),
        ({"key_id": "../../etc/passwd"}, "unknown_key"),
        ({"algorithm": "HS384"}, "algorithm"),
    ],
)
def test_a_refusal_says_what_the_platform_must_mend(
    house: House, client: Client, changes: dict[str, Any], code: str
) -> None:
    answer = bring(client, signed(**changes))

    assert (answer.status_code, answer.json()) == (401, {"code": code, "message": ANY})
    assert not Customer.objects.exists()


def test_a_platform_that_can_not_be_asked_makes_people_wait_and_not_go(house: House, client: Client) -> None:
    with_key_set(house.brand, "http://127.0.0.1:9/keys.json")

    answer = bring(client, signed())

    assert (answer.status_code, answer.json()["code"]) == (503, "no_keys")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"{}",
        b"[]",
        b'{"token": 5}',
        b'{"token": null}',
        b'{"token": "x", "more": 1}',
        b"\xff",
        b"{" * 9000,
        b'{"token": "' + b"x" * 100_000 + b'"}',
    ],
    ids=lambda body: str(body[:20]),
)
def test_what_is_no_request_is_refused(house: House, client: Client, body: bytes) -> None:
    answer = client.generic("POST", IDENTITY, body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_a_brand_without_a_platform_says_so(client: Client) -> None:
    make_house()

    answer = bring(client, signed())

    assert (answer.status_code, answer.json()["code"]) == (401, "no_platform")


def test_the_session_of_another_brands_visitor_is_nobody_here(house: House, client: Client) -> None:
    stranger = make_customer(brand=make_other_brand())

    answer = bring(client, signed(), Authorization=f"Bearer {open_session(customer=stranger)}")

    stranger.refresh_from_db()
    assert answer.status_code == 200
    assert stranger.merged_into is None


@pytest.mark.parametrize("word", ["Basic", "bearer", "", "Token"])
def test_only_a_bearers_token_is_looked_at(house: House, client: Client, word: str) -> None:
    visitor = make_customer()

    assert (
        bring(client, signed(), Authorization=f"{word} {open_session(customer=visitor)}").status_code == 200
    )

    visitor.refresh_from_db()
    assert (visitor.merged_into is not None) is (word == "bearer")


def test_a_private_links_session_is_not_taken_along(house: House, client: Client) -> None:
    visitor = make_customer()
    token = open_session(customer=visitor, only_conversation_id=7)
    client.cookies[CUSTOMER_COOKIE] = token

    by_bearer = bring(client, signed(), Authorization=f"Bearer {token}")
    by_cookie = bring(client, signed(), cookie=True, **{"Sec-Fetch-Site": "same-origin"})

    visitor.refresh_from_db()
    assert (by_bearer.status_code, by_cookie.status_code, visitor.merged_into) == (200, 200, None)


def test_who_tries_tokens_out_is_stopped(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "REFUSED", Limit("two", 2, timedelta(minutes=10)))

    answers = [bring(client, f"a.b.{number}").status_code for number in range(3)]

    assert answers == [401, 401, 429]
    assert bring(client, signed()).status_code == 200, (
        "Whoever shares the address and brings a good one comes in."
    )


def test_one_network_can_not_flood_the_door(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "BROUGHT", Limit("one", 1, timedelta(minutes=10)))
    bring(client, signed())

    answer = bring(client, signed())

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_only_a_post_comes_in(house: House, client: Client) -> None:
    assert client.get(IDENTITY).status_code == 405
