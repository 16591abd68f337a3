"""From the articles that somebody read, over the chat's doors, to the agent who answers: L5, H4."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from kefu.accounts.actions import erase_customer, export_customer
from kefu.accounts.models import Role
from kefu.conversations.models import Conversation, TrailStep
from kefu.conversations.tests.factories import House, make_agent, make_client_id, make_house
from kefu.desk.tests.test_desk import at_desk
from kefu.helpcentre.tests.conftest import Shelf
from kefu.livechat.tests.factories import ask, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = make_house()
    shelf = Shelf(tmp_path, house.brand)
    shelf.put("not-here", title="充币没到账")
    shelf.put("for-staff", number=2, audience="staff", title="内部做法")
    shelf.bring_in()
    return house


def seen_at_desk(house: House) -> list[dict[str, str]]:
    ref = Conversation.objects.get().ref
    answer = at_desk(house.mei).get(reverse("desk:conversation", args=[ref]))
    trail: list[dict[str, str]] = answer.json()["trail"]
    return trail


def test_the_agent_sees_what_was_read_and_searched_before(house: House, client: Client) -> None:
    answer = ask(
        client, trail=[{"kind": "search", "name": "币没到"}, {"kind": "article", "name": "not-here"}]
    )

    assert answer.status_code == 200
    assert seen_at_desk(house) == [
        {"kind": "search", "title": "币没到", "path": ""},
        {"kind": "article", "title": "充币没到账 zh-hans", "path": "/zh-hans/articles/not-here/"},
    ]


def test_asking_again_keeps_the_first_trail(house: House, client: Client) -> None:
    question = {"client_id": make_client_id(), "trail": [{"kind": "article", "name": "not-here"}]}
    ask(client, **question)

    assert ask(client, **question | {"trail": [{"kind": "search", "name": "别的"}]}).status_code == 200
    assert [one["kind"] for one in seen_at_desk(house)] == ["article"]


def test_mallory_learns_of_no_staff_article_by_naming_it(house: House, client: Client) -> None:
    ask(client, trail=[{"kind": "article", "name": "for-staff"}])

    assert TrailStep.objects.count() == 0


@pytest.mark.parametrize(
    "trail",
    [
        "not a list",
        [{"kind": "article"}],
        [{"kind": "article", "name": "x" * 201}],
        [{"kind": "search", "name": "x"}] * 11,
        [{"kind": "search", "name": "x", "more": 1}],
    ],
    ids=["shape", "nameless", "long", "many", "more"],
)
def test_a_malformed_trail_is_refused_and_nothing_is_opened(
    house: House, client: Client, trail: object
) -> None:
    assert ask(client, trail=trail).status_code == 400
    assert not Conversation.objects.exists()


def test_without_script_the_address_brings_article_and_words_along(house: House, client: Client) -> None:
    page = client.get("/en/articles/not-here/").content.decode()
    assert "?topic=account&amp;read=article%3Anot-here" in page
    form = client.get("/en/chat/plain/?topic=account&read=article:not-here&searched=missing").content.decode()
    assert '<input type="hidden" name="read" value="article:not-here">' in form
    assert "The agent sees which articles you have just read" in form

    values = make_question() | {"email": "", "read": "article:not-here", "searched": "missing"}
    assert client.post("/en/chat/plain/", values).status_code == 302
    assert [one["title"] for one in seen_at_desk(house)] == ["充币没到账 zh-hans", "missing"]


@pytest.mark.parametrize("query", ["read=not-here", "read=:", "read=article:", f"searched={'x' * 500}"])
def test_a_trail_that_makes_no_sense_without_script_is_in_nobodys_way(
    house: House, client: Client, query: str
) -> None:
    assert client.get(f"/en/chat/plain/?{query}").status_code == 200
    name, _, value = query.partition("=")

    assert client.post("/en/chat/plain/", make_question() | {name: value}).status_code == 302


def test_the_trail_is_handed_out_and_erased_with_its_customer(house: House, client: Client) -> None:
    ask(client, trail=[{"kind": "search", "name": "币没到"}, {"kind": "article", "name": "not-here"}])
    customer = Conversation.objects.get().customer
    admin = make_agent(house.team, "管理", Role.ADMIN)

    to = BytesIO()
    export_customer(customer=customer, by=admin, to=to)
    erase_customer(customer=customer, by=admin)

    handed_out = json.loads(ZipFile(to).read("data.json"))
    assert handed_out["conversations"][0]["read_before"] == [
        {"kind": "search", "title": "币没到"},
        {"kind": "article", "title": "充币没到账 zh-hans"},
    ]
    assert TrailStep.objects.count() == 0


@pytest.mark.parametrize("read", [f"article:{'x' * 300}", f"{'k' * 80}:not-here"])
def test_a_trail_that_is_too_long_refuses_no_question(read: str, house: House, client: Client) -> None:
    assert client.post("/en/chat/plain/", make_question() | {"read": read}).status_code == 302
    assert TrailStep.objects.count() == 0
