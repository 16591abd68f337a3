"""What else we should know of a deposit: every character of it, or a sentence, and never a part."""

from __future__ import annotations

import re

import pytest

from kefu.cases.tests.test_deposit_page import text_of, trace
from kefu.conversations.models import Conversation, Message
from kefu.conversations.tests.factories import House, make_house

pytestmark = pytest.mark.django_db(transaction=True)

FILED = {"do": "file", "is_txid": "1", "client_id": "form-00000001"}


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("do", ["trace", "file"])
def test_too_many_words_are_told_at_their_field_and_all_stay(client, do):
    words = "长" * 8_990 + "and the end"

    refused = trace(client, **FILED | {"do": do}, words=words)

    assert refused.status_code == 400
    assert "That is longer than 8,000 characters." in text_of(refused)
    shown = re.search(
        r'<textarea[^>]* id="words"[^>]* aria-invalid="true">([^<]*)<', refused.content.decode()
    )
    assert shown
    assert shown[1].strip() == words
    assert not Conversation.objects.exists()


@pytest.mark.usefixtures("house")
def test_a_new_line_is_one_character_though_a_form_sends_two(client):
    lines = ["行" * 79] * 100

    assert trace(client, **FILED, words="\r\n".join(lines)).status_code == 302
    assert str(Message.objects.get().text).endswith("\n".join(lines))
