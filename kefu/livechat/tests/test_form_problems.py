"""The form to ask without script, drawn once more: with more than one thing amiss, or without what was read before."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import make_client_id, make_house

pytestmark = pytest.mark.django_db

START = "/en/chat/plain/"
AT_ITS_FIELD = re.compile(r'id="(\w+)-problem" role="alert">.*?<span>(.*?)</span>')


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"topic": "", "text": " "}, {"topic": "Choose what", "text": "Write your question"}),
        ({"topic": "", "text": "长" * 8001}, {"topic": "Choose what", "text": "That is longer"}),
        (
            {"topic": "nothing", "text": "", "email": "nobody"},
            {"topic": "Choose what", "text": "Write your question", "email": "That is not a complete"},
        ),
        ({"topic": "", "email": "lin@mail.example"}, {"topic": "Choose what"}),
        ({"client_id": "<b>", "email": "nobody"}, {"email": "That is not a complete"}),
        # Lines end in two characters on their way here, and count as one.
        ({"topic": "", "text": "长\r\n" * 4000}, {"topic": "Choose what"}),
    ],
)
def test_everything_that_is_wrong_is_said_at_once_and_at_its_field(
    client: Client, changes: dict[str, str], said: dict[str, str]
) -> None:
    make_house()
    asked = {"topic": "account", "text": "还没到账", "client_id": make_client_id(), "email": ""} | changes

    page = client.post(START, asked).content.decode()

    found = dict(AT_ITS_FIELD.findall(page))
    assert found.keys() == said.keys()
    assert all(found[field].startswith(words) for field, words in said.items())
    assert ("could not read that" in page) == ("client_id" in changes)
    assert f">{asked['text']}</textarea>" in page
    assert f'value="{asked["email"]}"' in page
    assert ('value="account" required checked' in page) == (asked["topic"] == "account")
    assert not Conversation.objects.exists()


def test_leaving_out_what_was_read_keeps_what_is_typed_and_asks_nothing(client: Client) -> None:
    make_house()
    led = f"{START}?topic=trading&issue=kyc&read=article:fees&searched=how+long"
    page = client.get(led).content.decode()
    # The first button of a form is what the Enter key presses.
    first, second = re.findall(r'<button class="button (?:primary|quiet)" type="submit"(.*?)>', page)[:2]
    assert "forget_trail" not in first
    without = re.search(r'name="forget_trail" value="yes" formaction="([^"]+)"', second)
    assert without
    typed = {
        "topic": "account",
        "text": "还没到账",
        "email": "lin@mail.example",
        "client_id": make_client_id(),
    }
    brought = {"read": "article:fees", "searched": "how long"}

    answer = client.post(without[1], typed | brought | {"forget_trail": "yes"})

    drawn = answer.content.decode()
    assert (answer.status_code, without[1]) == (200, f"{START}?topic=trading")
    assert 'value="account" required checked' in drawn
    assert ">还没到账</textarea>" in drawn
    assert 'value="lin@mail.example"' in drawn
    assert "article:fees" not in drawn
    assert "how long" not in drawn
    assert "forget_trail" not in drawn
    assert not Conversation.objects.exists()
