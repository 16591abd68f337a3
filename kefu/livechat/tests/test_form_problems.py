"""The form to ask without script, sent with more than one thing amiss."""

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
