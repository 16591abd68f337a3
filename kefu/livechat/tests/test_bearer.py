"""A client that keeps its own token is its own customer by that alone, and nobody by anybody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from kefu.accounts.actions import end_sessions, open_session
from kefu.accounts.bearer import COUNTED_BY, WRONG_TOKEN, WRONG_TOKENS, holder_of
from kefu.accounts.customer_cookie import CUSTOMER_COOKIE
from kefu.accounts.models import Customer, CustomerSession
from kefu.accounts.tests.factories import make_other_brand
from kefu.conversations.actions import follow_private_link, make_private_link
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_conversation, make_house, viewer_of
from kefu.livechat.tests.factories import LINK, OPEN, make_question, post
from kefu.safety.limits import take
from kefu.safety.models import Counter
from kefu.safety.tokens import token_hash

pytestmark = pytest.mark.django_db
EARLIER = "/zh-hans/chat/earlier/"


@pytest.fixture
def house() -> House:
    cache.clear()
    return make_house()


@pytest.fixture
def own(house: House) -> Conversation:
    return make_conversation(house, text="我自己的问题")


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def earlier(client: Client, conversation: Conversation, headers: dict[str, str], **more: str) -> Any:
    return client.get(EARLIER, {"ref": conversation.ref, "before": 9, **more}, headers=headers)


def test_somebody_new_gets_their_token_in_the_answer_and_no_cookie(client: Client, house: House) -> None:
    answer = post(client, OPEN, make_question(session="token"))

    assert not answer.cookies
    customer = Conversation.objects.get(ref=answer.json()["ref"]).customer
    assert customer.sessions.filter(token_hash=token_hash(answer.json()["session"])).exists()


def test_a_page_that_did_not_ask_for_it_is_told_no_token(client: Client, house: House) -> None:
    answer = post(client, OPEN, make_question())

    assert "session" not in answer.json()
    assert CUSTOMER_COOKIE in answer.cookies


def test_the_token_opens_ones_own_conversation_and_asks_the_next_question(
    client: Client, own: Conversation
) -> None:
    token = open_session(customer=own.customer)

    assert earlier(client, own, bearing(token)).status_code == 200
    assert post(client, LINK, {"ref": own.ref}, **bearing(token)).json()["link"]
    again = post(client, OPEN, make_question(session="token"), **bearing(token))

    assert again.json()["session"] is None
    assert not again.cookies
    assert Conversation.objects.get(ref=again.json()["ref"]).customer == own.customer


def test_beside_a_token_a_cookie_says_nothing(client: Client, house: House, own: Conversation) -> None:
    other = make_conversation(house, text="别人的问题")
    client.cookies[CUSTOMER_COOKIE] = open_session(customer=other.customer)
    headers = bearing(open_session(customer=own.customer))

    assert earlier(client, own, headers).status_code == 200
    assert earlier(client, other, headers).status_code == 404
    assert earlier(client, other, bearing("nobody")).status_code == 401
    asked = post(client, OPEN, make_question(session="token"), **headers).json()
    assert Conversation.objects.get(ref=asked["ref"]).customer == own.customer


def test_who_wants_a_token_is_not_told_what_the_cookie_opens(client: Client, own: Conversation) -> None:
    client.cookies[CUSTOMER_COOKIE] = open_session(customer=own.customer)

    asked = post(client, OPEN, make_question(session="token")).json()

    assert Conversation.objects.get(ref=asked["ref"]).customer != own.customer
    assert asked["session"]


def revoked(own: Conversation) -> str:
    token = open_session(customer=own.customer)
    end_sessions(customer=own.customer)
    return token


def of_a_private_link(own: Conversation) -> str:
    token = make_private_link(conversation=own, viewer=viewer_of(own))
    return follow_private_link(token=token, brand_id=own.brand_id)


def of_another_brand(_own: Conversation) -> str:
    return open_session(customer=Customer.objects.create(brand=make_other_brand()))


def never_given(_own: Conversation) -> str:
    return "A" * 43


def no_token(_own: Conversation) -> str:
    return ""


def too_long(_own: Conversation) -> str:
    return "A" * 5000


@pytest.mark.parametrize(
    "wrong", [revoked, of_a_private_link, of_another_brand, never_given, no_token, too_long]
)
def test_mallorys_token_opens_nothing_and_begins_nothing(
    client: Client, own: Conversation, wrong: Any
) -> None:
    headers = bearing(wrong(own))
    before = Conversation.objects.count()

    answers = [
        earlier(client, own, headers),
        post(client, LINK, {"ref": own.ref}, **headers),
        post(client, OPEN, make_question(session="token"), **headers),
        post(client, OPEN, make_question(), **headers),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "signed_out")}
    assert not any(answer.cookies for answer in answers)
    assert Conversation.objects.count() == before


def test_a_strangers_token_opens_only_the_strangers(client: Client, house: House, own: Conversation) -> None:
    stranger = make_conversation(house, text="别人的问题")
    headers = bearing(open_session(customer=stranger.customer))

    assert earlier(client, own, headers).status_code == 404
    assert post(client, LINK, {"ref": own.ref}, **headers).status_code == 404


def test_a_token_in_the_address_is_read_by_nobody(client: Client, own: Conversation) -> None:
    token = open_session(customer=own.customer)

    for name in ("token", "session", "access_token", "bearer", "Authorization"):
        assert earlier(client, own, {}, **{name: token}).status_code == 404


@pytest.mark.parametrize("scheme", ["Basic", "Token", "Bearer:"])
def test_another_scheme_is_no_token(client: Client, own: Conversation, scheme: str) -> None:
    token = open_session(customer=own.customer)

    assert earlier(client, own, {"Authorization": f"{scheme} {token}"}).status_code == 404


def test_a_token_does_not_speak_for_another_site(client: Client, own: Conversation) -> None:
    token = open_session(customer=own.customer)

    answer = client.post(
        OPEN,
        make_question(session="token"),
        content_type="application/json",
        headers=bearing(token) | {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 403
    assert CustomerSession.objects.filter(customer=own.customer).count() == 1


@pytest.mark.slow
def test_whoever_sends_the_same_wrong_token_again_and_again_is_told_to_wait(
    client: Client, own: Conversation
) -> None:
    token, colleagues = open_session(customer=own.customer), "B" * 43
    answers = [earlier(client, own, bearing("nobody")).status_code for _ in range(WRONG_TOKEN.times)]

    answer = earlier(client, own, bearing("nobody"))

    assert set(answers) == {401}
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert earlier(client, own, bearing(token)).status_code == 200
    assert earlier(client, own, bearing(colleagues)).status_code == 401, (
        "They share an address and nothing else."
    )


@pytest.mark.slow
def test_an_office_whose_sessions_have_all_ended_is_told_so(client: Client, own: Conversation) -> None:
    tokens = [f"{number:043}" for number in range(3 * WRONG_TOKEN.times)]

    assert {earlier(client, own, bearing(token)).status_code for token in tokens} == {401}


def test_whoever_tries_out_very_many_tokens_is_told_to_wait(client: Client, own: Conversation) -> None:
    token = open_session(customer=own.customer)
    for _ in range(WRONG_TOKENS.times):
        take(WRONG_TOKENS, "127.0.0.1")

    assert earlier(client, own, bearing("nobody")).status_code == 429
    assert earlier(client, own, bearing(token)).status_code == 200


def test_invented_tokens_fill_no_table(own: Conversation) -> None:
    alike = [token for token in map(str, range(40_000)) if token_hash(token)[:COUNTED_BY] == "abc"]

    for token in alike:
        holder_of(token, brand_id=own.brand_id, address="127.0.0.1")

    assert len(alike) > 1
    assert Counter.objects.count() == 2, "One for these tokens, one for the network."


def test_no_staff_page_opens_beside_a_token(client: Client, house: House, own: Conversation) -> None:
    client.force_login(house.mei)
    assert client.get("/desk/unassigned/").status_code == 200

    answer = client.get("/desk/unassigned/", headers=bearing(open_session(customer=own.customer)))

    assert answer.status_code == 302
