"""Our modules in a real browser, without a server: every file is answered from the checkout."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.chromium import launch

ORIGIN = "http://kefu.test"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
}
BLANK = "<!doctype html><html lang='en'><meta charset='utf-8'><body><textarea></textarea></body></html>"
TRACES = Path(settings.BASE_DIR) / "kefu" / "conversations" / "tests" / "traces.js"


@contextmanager
def a_browser() -> Iterator[Browser]:
    """The machine's Chromium."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    with sync_playwright() as playwright:
        # Playwright's own loop runs in this thread; the tests' queries are synchronous all the same.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        try:
            browser = launch(playwright)
            yield browser
            browser.close()
        finally:
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
            if before is not None:
                os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@contextmanager
def a_window(chromium: Browser, pages: dict[str, str], **options: Any) -> Iterator[Page]:
    """A page with cookies and storage of its own, on which `pages` and our files are answered."""
    context = chromium.new_context(**options)
    page = context.new_page()
    serve_files(page, pages)
    yield page
    context.close()


def serve_files(page: Page, pages: dict[str, str]) -> None:
    """Answer `/static/…` from the rooms' folders and `pages` from memory; anything else does not exist."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        if path in pages:
            route.fulfill(body=pages[path], content_type=TYPES[".html"])
            return
        found = file_at(path)
        if found is None:
            route.fulfill(status=404, body="")
            return
        route.fulfill(body=found.read_bytes(), content_type=TYPES.get(found.suffix, "text/plain"))

    page.route(f"{ORIGIN}/**", answer)


def file_at(path: str) -> Path | None:
    """What stands in a room's folder under this address."""
    if path == "/static/tests/traces.js":
        return TRACES
    found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    return Path(found) if isinstance(found, str) else None
