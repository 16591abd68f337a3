"""My cases: the last words in the line of a case."""

from __future__ import annotations

import pytest
from django.test import Client

from kefu.cases.tests.test_mine import page, somebody
from kefu.conversations.tests.factories import make_conversation, make_house

pytestmark = pytest.mark.django_db


def test_a_removed_secret_is_named_in_the_readers_language(client: Client) -> None:
    house = make_house()
    make_conversation(house, somebody(house, client), "有人让我报验证码 839214，是你们吗？")

    assert "验证码 [已隐藏：验证码]，是你们吗？" in page(client)
    assert "[Hidden: one-time code]" in page(client, "/en/cases/")
