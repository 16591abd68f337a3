"""Our modules in a real browser, without a server: every file is answered from the checkout."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, sync_playwright

ORIGIN = "http://kefu.test"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
}
TRACES = Path(settings.BASE_DIR) / "kefu" / "conversations" / "tests" / "traces.js"


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium of the machine if there is one, else the one that playwright brought."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    with sync_playwright() as playwright:
        # Playwright's own loop runs in this thread; the tests' queries are synchronous all the same.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        try:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            yield browser
            browser.close()
        finally:
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
            if before is not None:
                os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


def serve_files(page: Page, pages: dict[str, str]) -> None:
    """Answer `/static/…` from the rooms' folders and `pages` from memory; anything else does not exist."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        if path in pages:
            route.fulfill(body=pages[path], content_type=TYPES[".html"])
            return
        found = _file(path)
        if found is None:
            route.fulfill(status=404, body="")
            return
        route.fulfill(body=Path(found).read_bytes(), content_type=TYPES.get(Path(found).suffix, "text/plain"))

    page.route(f"{ORIGIN}/**", answer)


def _file(path: str) -> str | None:
    if path == "/static/tests/traces.js":
        return str(TRACES)
    found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    return found if isinstance(found, str) else None
