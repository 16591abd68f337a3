"""A page of the chat without script that a form has answered leads on to where it can be asked for."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from kefu.conversations.actions import resolve, say
from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import House, make_conversation, make_house, reply_to
from kefu.livechat.tests.factories import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def own(house: House, client: Client) -> Conversation:
    conversation = make_conversation(house)
    sign_in(client, conversation.customer)
    return conversation


def talk(own: Conversation, language: str = "en") -> str:
    return f"/{language}/chat/plain/{own.ref}/"


def ways_on(page: str) -> dict[str, set[str]]:
    """Where the links to other languages, and to another zone and back, lead."""
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', page)]
    languages = {unescape(link) for link in re.findall(r'href="([^"]+)" lang=', page)}
    zones = {parse_qs(urlsplit(link).query)["next"][0] for link in links if "/time-zone/" in link}
    earlier = {link for link in links if "before=" in link}
    return {"languages": languages, "zones": zones, "earlier": earlier}


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["link/", "rate/?from=mail"])
def test_another_language_or_zone_and_what_was_said_earlier_are_there_after_a_form(
    client: Client, house: House, own: Conversation, verb: str
) -> None:
    for number in range(110):
        say([reply_to(own, house.mei, f"第 {number} 条")])
    resolve(conversation=own, by=house.mei)

    on = ways_on(client.post(f"{talk(own)}{verb}").content.decode())

    assert on["languages"] == {talk(own, language) for language in ("zh-hans", "zh-hant", "en")}
    assert on["zones"] == {talk(own)}
    [earlier] = on["earlier"]
    assert earlier.startswith(f"{talk(own)}?before=")
    for path in (*on["languages"], *on["zones"], earlier):
        assert client.get(path).status_code == 200


def test_a_place_in_the_thread_goes_along_into_another_language(client: Client, own: Conversation) -> None:
    on = ways_on(client.get(f"{talk(own)}?before=9").content.decode())

    assert f"{talk(own, 'zh-hant')}?before=9" in on["languages"]
    assert on["zones"] == {f"{talk(own)}?before=9"}
