"""H4: from each kind of help page a person is two taps away, by what stands there: the chat, and then the topic."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_house
from kefu.helpcentre.tests.conftest import LANGUAGES, Shelf
from tests.filled import filled_once

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HIT, MISS = "first", "咖啡豆子"


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    with filled_once(django_db_blocker, lambda: _build(tmp_path_factory.mktemp("articles"))) as house:
        yield house


def _build(folder: Path) -> House:
    house = make_house()
    shelf = Shelf(folder, house.brand)
    shelf.put("first")
    shelf.put("second", number=2)
    shelf.bring_in()
    return house


@pytest.fixture
def house(built: House, db: None) -> House:
    return deepcopy(built)


class Reader:
    """Goes by what stands on the page."""

    def __init__(self, client: Client, language: str) -> None:
        self.client = client
        self.open(f"/{language}/")

    def open(self, address: str, status: int = 200, **asked: str) -> None:
        self.address = address
        self.take(self.client.get(address, asked), status)

    def take(self, answer: HttpResponse, status: int = 200) -> None:
        assert answer.status_code == status
        self.page = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)

    def follow(self, words: str) -> None:
        """The first link whose address has these words."""
        self.open(next(link for link in self.links() if words in link))

    def search(self, words: str) -> None:
        form = next(one for one in self.page.iter("form") if one.attrib.get("role") == "search")
        box = next(one for one in form.iter("input") if one.attrib.get("type") == "search")
        self.open(form.attrib["action"], **{box.attrib["name"]: words})

    def links(self) -> list[str]:
        return [link.attrib["href"] for link in self.page.iter("a") if "href" in link.attrib]

    def doors(self) -> list[str]:
        """To the chat, each once."""
        return sorted({link for link in self.links() if link.partition("?")[0].endswith("/chat/")})

    def all_with(self, mark: str) -> list[Any]:
        return [node for node in self.page.iter() if mark in getattr(node, "attrib", {})]


def home(reader: Reader) -> None:
    """It is open."""


def category(reader: Reader) -> None:
    reader.follow("/topics/deposits/")


def article(reader: Reader) -> None:
    category(reader)
    reader.follow("/articles/first/")


def search_that_finds(reader: Reader) -> None:
    reader.search(HIT)
    assert any("/articles/first/" in link for link in reader.links())


def search_that_finds_nothing(reader: Reader) -> None:
    reader.search(MISS)
    assert not any("/articles/" in link for link in reader.links())


def page_that_is_not_there(reader: Reader) -> None:
    reader.open(f"{reader.address}articles/moved-away/", status=404)


def contact(reader: Reader) -> None:
    reader.follow("/contact/")


KINDS = [
    home,
    category,
    article,
    search_that_finds,
    search_that_finds_nothing,
    page_that_is_not_there,
    contact,
]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def reader(request: pytest.FixtureRequest, client: Client, house: House, language: str) -> Reader:
    reader = Reader(client, language)
    request.param(reader)
    return reader


def test_the_first_tap_opens_the_chat_and_the_second_is_the_topic(reader: Reader, house: House) -> None:
    doors = reader.doors()
    assert doors

    for door in doors:
        reader.open(door)
        assert house.topic.key in {one.attrib["data-topic"] for one in reader.all_with("data-topic")}
        # The question and its button stand on the same page, so nothing is between the topic and the words.
        [form] = [one for one in reader.all_with("data-view") if one.attrib["data-view"] == "question"]
        assert [one.attrib["id"] for one in form.iter("textarea")] == ["chat-question"]
        assert [one.attrib["type"] for one in form.iter("button") if "data-send" in one.attrib] == ["submit"]


def test_without_script_the_first_tap_leads_to_a_form_that_is_sent_to_a_person(
    reader: Reader, house: House, language: str
) -> None:
    reader.open(reader.doors()[0])
    [refresh] = [one.attrib["content"] for one in reader.page.iter("meta") if "http-equiv" in one.attrib]
    reader.open(refresh.partition("url=")[2])
    [form] = [one for one in reader.page.iter("form") if one.attrib.get("method") == "post"]
    fields = {
        one.attrib["name"]: one.attrib.get("value", "")
        for one in form.iter("input")
        if one.attrib.get("type") == "hidden"
    }
    topics = [one.attrib["value"] for one in form.iter("input") if one.attrib.get("type") == "radio"]

    answer = reader.client.post(
        form.attrib.get("action", reader.address), fields | {"topic": topics[0], "text": "充币没到"}
    )

    assert answer.status_code == 302
    assert Conversation.objects.get().language == language
    assert Conversation.objects.get().team == house.team
