"""A page of our modules in a real browser, for the tests that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page

from kefu.conversations.tests.browser import a_browser, serve_files

HEAD = "<!doctype html><html lang='en'><meta charset='utf-8'>"
BODY = (
    "<div id='scroll'><div id='log' role='log'></div></div><div id='typing'></div>"
    "<form id='form'><p data-too-long hidden><span data-slot='over'></span></p>"
    "<p data-found hidden><span data-slot='kinds'></span></p><textarea></textarea><button>Send</button></form>"
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """`/blank` is empty; `/thread` holds a log, a composer and every part of a thread, in English."""
    context = chromium.new_context(timezone_id="Asia/Shanghai", locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(10_000)
    with translation.override("en"):
        parts = render_to_string("conversations/thread_templates.html")
    serve_files(
        page, {"/blank": f"{HEAD}<body></body></html>", "/thread": f"{HEAD}<body>{BODY}{parts}</body></html>"}
    )
    yield page
    context.close()
