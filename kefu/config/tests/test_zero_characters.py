"""No door lets a zero character in, which PostgreSQL could not keep: neither a form, nor JSON, nor a cookie."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kefu.accounts.customer_cookie import CUSTOMER_COOKIE, LINK_COOKIE
from kefu.accounts.models import Customer
from kefu.conversations.actions import resolve
from kefu.conversations.models import Attachment, Conversation, Draft, Message, Rating
from kefu.conversations.tests.factories import House, make_client_id, make_conversation, make_house
from kefu.conversations.tests.file_clients import OURS, as_agent, as_customer
from kefu.livechat.tests.factories import make_question
from kefu.ui.middleware import ZONE_COOKIE

pytestmark = pytest.mark.django_db
TYPED = "a\0b"
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
BY_TYPE = {"int": "1", "path": "x/y", "slug": "x", "str": "x"}
# Doors whose address is a rule of its own, with an address that follows it.
BY_RULE = {"member_danger": "desk/settings/members/1/close/", "key": "0" * 32}


@pytest.fixture
def house() -> House:
    return make_house()


def doors(found: list[Any] | None = None, under: str = "") -> Iterator[str]:
    """An address of every view that there is."""
    for one in get_resolver().url_patterns if found is None else found:
        if isinstance(one, URLResolver):
            yield from doors(one.url_patterns, f"{under}{one.pattern}")
        elif isinstance(one, URLPattern):
            yield f"/{address(one, under)}"


def address(one: URLPattern, under: str) -> str:
    if one.name in BY_RULE:
        return BY_RULE[one.name]
    return PLACE.sub(lambda part: BY_RULE.get(part[2], BY_TYPE[part[1] or "str"]), f"{under}{one.pattern}")


@pytest.mark.slow
def test_no_address_takes_one_in_a_form_or_a_query() -> None:
    found = {re.sub(r"^/(zh-hans|zh-hant)/", "/en/", path) for path in doors()}
    client = Client()

    asked = {path: client.get(path, {"any": TYPED}).status_code for path in found}
    typed = {path: client.post(path, {"any": TYPED}).status_code for path in found}
    named = {path: client.post(path, {TYPED: "any"}).status_code for path in found}

    assert len(found) > 100
    for answers in (asked, typed, named):
        assert {path: status for path, status in answers.items() if status != 400} == {}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "the zero character"), ("zh-hans", "空字符"), ("zh-hant", "空字元")],
)
def test_whoever_typed_it_is_told_what_to_take_out(house: House, language: str, words: str) -> None:
    answer = Client().post(f"/{language}/cases/", {"email": TYPED})

    assert answer.status_code == 400
    assert words in answer.content.decode()


# Of each door for JSON: whose it is, where it is, and a body with which it opens.
JSON = [
    ("customer", "/en/chat/open/", lambda _: make_question(topic="account", email="chen@example.com")),
    ("customer", "/en/chat/rate/", lambda own: {"ref": own.ref, "verdict": "solved", "words": "谢谢"}),
    ("customer", "/en/chat/reopen/", lambda own: {"ref": own.ref}),
    ("customer", "/en/chat/private-link/", lambda own: {"ref": own.ref}),
    ("customer", "/en/chat/identity/", lambda _: {"token": "x.y.z"}),
    (
        "customer",
        "/files/",
        lambda own: {"ref": own.ref, "client_id": make_client_id(), "name": "a.png", "size": 5},
    ),
    ("agent", "/desk/conversation/{}/draft/", lambda _: {"kind": "reply", "text": "马上查"}),
    ("agent", "/desk/availability/", lambda _: {"availability": "busy"}),
]


@pytest.mark.parametrize(("who", "path", "body"), JSON, ids=[path for _, path, _ in JSON])
def test_no_door_for_json_takes_one(
    house: House, who: str, path: str, body: Callable[[Conversation], dict[str, Any]]
) -> None:
    own = make_conversation(house)
    resolve(conversation=own, by=house.mei)
    client = as_customer(own) if who == "customer" else as_agent(house.mei)
    before = kept()
    values = body(own)

    def post(values: dict[str, Any]) -> int:
        return client.post(
            path.format(own.ref), values, content_type="application/json", headers=OURS
        ).status_code

    for name, value in values.items():
        if isinstance(value, str):
            assert post(values | {name: f"{value}\0"}) == 400, name
            assert kept() == before
    # Whoever only writes about it is understood.
    spoken_of = {name: value for name, value in values.items() if name in {"text", "words", "name"}}
    answered = post(values | {name: f"{value} \\u0000" for name, value in spoken_of.items()})
    # The token is nobody's.
    assert answered == (401 if "token" in values else 200)


def kept() -> list[int]:
    return [model.objects.count() for model in (Attachment, Conversation, Customer, Draft, Message, Rating)]


def test_a_form_where_json_is_wanted_is_refused(house: House) -> None:
    own = make_conversation(house)

    answer = as_agent(house.mei).post(f"/desk/conversation/{own.ref}/draft/", {"kind": "reply", "text": "x"})

    assert (answer.status_code, answer.json()) == (400, {"error": "malformed"})


@pytest.mark.parametrize("path", ["/desk/", "/staff/sign-in/", "/en/cases/", "/en/chat/", "/files/x/"])
def test_a_cookie_that_holds_one_is_as_if_it_had_not_been_sent(house: House, path: str) -> None:
    names = [
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        CUSTOMER_COOKIE,
        LINK_COOKIE,
        ZONE_COOKIE,
        "messages",
    ]
    jar = "; ".join(f'{name}="a\\000b"' for name in names)

    sent, without = Client().get(path, headers={"Cookie": jar}), Client().get(path)

    assert sent.status_code == without.status_code < 500
