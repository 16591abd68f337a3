"""A blank page in a real browser with a box to write in, for the tests of the window's modules that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from kefu.conversations.tests.browser import BLANK, ORIGIN, a_window, chromium

__all__ = ["chromium"]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with a_window(chromium, {"/blank": BLANK}) as page:
        page.goto(f"{ORIGIN}/blank")
        yield page
