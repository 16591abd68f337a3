"""Other sites can't post for our visitors."""

from __future__ import annotations

import pytest
from django.test import Client

from kefu.conversations.models import Conversation
from kefu.conversations.tests.factories import make_house
from kefu.livechat.tests.factories import OPEN, make_question

pytestmark = pytest.mark.django_db


def ask_with(headers: dict[str, str], *, content_type: str = "application/json", secure: bool = False) -> int:
    make_house()
    client = Client(enforce_csrf_checks=True)
    return client.post(
        OPEN, make_question(), content_type=content_type, headers=headers, secure=secure
    ).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://testserver"},
        {"Origin": "https://testserver"},
    ],
)
def test_our_own_pages_may_post_without_a_token(headers: dict[str, str]) -> None:
    assert ask_with(headers) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://testserver.evil.example"},
        {"Origin": "http://["},
        {"Origin": "https://testserver:8443"},
        {"Origin": "ftp://testserver"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_any_other_post_is_refused_and_stores_nothing(headers: dict[str, str]) -> None:
    assert ask_with(headers) == 403
    assert not Conversation.objects.exists()


def test_a_secure_page_is_not_spoken_for_by_a_plain_one() -> None:
    assert ask_with({"Origin": "http://testserver"}, secure=True) == 403


def test_a_form_of_another_site_can_not_send_this_content_type() -> None:
    assert ask_with({"Sec-Fetch-Site": "same-origin"}, content_type="text/plain") == 403
