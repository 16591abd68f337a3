"""A page of our modules in a real browser, for the tests that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page, expect

from kefu.conversations.tests.browser import a_window, chromium

__all__ = ["chromium"]

# In seconds; what never comes is told apart from what comes late on a busy machine.
WITHIN = 20
expect.set_options(timeout=1_000 * WITHIN)

HEAD = "<!doctype html><html lang='en'><meta charset='utf-8'>"
BODY = (
    "<div id='scroll'><div id='log' role='log'></div></div><div id='typing'></div>"
    "<form id='form'><p data-too-long hidden><span data-slot='over'></span></p>"
    "<p data-found hidden><span data-slot='kinds'></span></p><textarea></textarea><button>Send</button></form>"
)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """`/blank` is empty; `/thread` holds a log, a composer and every part of a thread, in English."""
    with translation.override("en"):
        parts = render_to_string("conversations/thread_templates.html")
    pages = {"/blank": f"{HEAD}<body></body></html>", "/thread": f"{HEAD}<body>{BODY}{parts}</body></html>"}
    with a_window(chromium, pages, timezone_id="Asia/Shanghai", locale="en-GB") as page:
        page.set_default_timeout(1_000 * WITHIN)
        yield page
