"""The desk's single keys, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from kefu.conversations.tests.browser import ORIGIN, a_window, chromium

__all__ = ["chromium"]

pytestmark = pytest.mark.journey
DESK = """<!doctype html><html lang="en"><meta charset="utf-8"><body>
<button data-keys-open></button><dialog data-keys><button data-keys-close></button></dialog>
<dialog id="picture"><video controls tabindex="0"></video></dialog></body></html>"""
LISTEN = """async () => {
    const { listen } = await import("/static/desk/keys.js");
    window.done = [];
    listen({ e: () => done.push("e"), j: () => done.push("j") });
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with a_window(chromium, {"/desk": DESK}) as page:
        page.set_default_timeout(10_000)
        page.goto(f"{ORIGIN}/desk")
        yield page


def test_no_key_does_anything_behind_an_open_picture_or_video(page: Page) -> None:
    page.evaluate(LISTEN)
    page.evaluate("picture.showModal(), document.querySelector('video').focus()")

    page.keyboard.press("e")
    assert page.evaluate("done") == []
    page.evaluate("picture.close()")
    page.keyboard.press("e")

    assert page.evaluate("done") == ["e"]


def test_a_key_that_is_held_down_walks_on_and_does_nothing_else_twice(page: Page) -> None:
    page.evaluate(LISTEN)

    for key in "eeejjj":
        page.keyboard.down(key)

    assert page.evaluate("done") == ["e", "j", "j", "j"]
