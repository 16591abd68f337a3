"""What was begun beside a resolution, in a real browser, when the resolution holds no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from playwright.sync_api import Browser, Page

from kefu.conversations.tests.browser import ORIGIN, a_window

pytestmark = pytest.mark.journey
BEGIN = """async () => {
    const { RatingBox } = await import("/static/livechat/rating.js");
    window.box = new RatingBox(document.querySelector("[data-chat]"));
}"""
FOLLOW = "([ref, state, items]) => void box.follow({ ref, head: { state }, items })"
RESOLVED = {"kind": "resolved", "place": 1}
RATED = {"kind": "rated", "verdict": "not_solved", "place": 2}
REOPENED = {"kind": "reopened", "place": 9}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with override("en"):
        rate = render_to_string("livechat/rate.html")
    window = f'<section data-chat>{rate}<form data-composer><textarea id="chat-message"></textarea></form></section>'
    with a_window(chromium, {"/chat": f"<!doctype html><meta charset='utf-8'>{window}"}) as page:
        page.set_default_timeout(10_000)
        page.goto(f"{ORIGIN}/chat")
        page.evaluate(BEGIN)
        follow(page, "resolved", RESOLVED, RATED)
        yield page


def follow(page: Page, state: str, *items: dict[str, Any], ref: str = "XH-1") -> None:
    page.evaluate(FOLLOW, [ref, state, {str(item["place"]): item for item in items}])


def boxes(page: Page) -> tuple[str, str]:
    return page.input_value("#chat-rating"), page.input_value("#chat-message")


def test_they_stand_in_the_box_for_messages_below_what_is_there(page: Page) -> None:
    page.fill("#chat-message", "先说一句")
    page.fill("#chat-rating", "少退了三个点\n")

    follow(page, "open", RESOLVED, RATED, REOPENED)
    follow(page, "open", RESOLVED, RATED, REOPENED)

    assert boxes(page) == ("", "先说一句\n\n少退了三个点")


def test_who_was_typing_goes_on_typing(page: Page) -> None:
    page.fill("#chat-rating", "少退了")

    follow(page, "open", RESOLVED, RATED, REOPENED)
    page.keyboard.type("三个点")

    assert boxes(page) == ("", "少退了三个点")


@pytest.mark.parametrize("words", ["少退了三个点", "密码: hunter2hunter2"])
def test_what_was_sent_is_not_said_twice(page: Page, words: str) -> None:
    page.fill("#chat-rating", words)
    heard = page.evaluate(
        "async (words) => (await import('/static/safety/guard.js')).guard(words).text", words
    )

    # Both may come at once.
    explained = {"kind": "explained", "text": heard, "place": 3}
    follow(page, "open", RESOLVED, RATED, explained, REOPENED)

    assert boxes(page) == ("", "")


def test_another_conversation_finds_none_of_them(page: Page) -> None:
    page.fill("#chat-rating", "少退了三个点")

    follow(page, "open", ref="XH-2")

    assert boxes(page) == ("", "")
