"""The desk's search for a case, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from kefu.conversations.tests.browser import ORIGIN, a_window, chromium

__all__ = ["chromium"]

pytestmark = pytest.mark.journey
DESK = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="csrf" content="x">
<body><form><input></form></body></html>"""
BEGIN = """async () => {
    const { Find } = await import("/static/desk/find.js");
    window.shown = [];
    new Find(document.querySelector("form"), {
        onFound: (rows) => shown.push(rows.join()), onCleared: () => shown.push("all"), onFailed: () => shown.push("failed"),
    });
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with a_window(chromium, {"/desk": DESK}) as page:
        page.set_default_timeout(10_000)
        page.goto(f"{ORIGIN}/desk")
        page.evaluate(BEGIN)
        yield page


def test_an_answer_that_comes_after_the_box_was_emptied_is_for_nobody(page: Page) -> None:
    late: list[Route] = []

    def keep(route: Route) -> None:
        late.append(route)

    page.route(f"{ORIGIN}/desk/found/", keep)
    with page.expect_request("**/desk/found/"):
        page.fill("input", "XH-1")
        page.press("input", "Enter")
    page.fill("input", "")

    with page.expect_response("**/desk/found/"):
        late[0].fulfill(json={"rows": ["XH-1"]})
    # One more round trip: by then the page has read what came before.
    page.evaluate("fetch('/').then((answer) => answer.text())")

    assert page.evaluate("shown") == ["all"]


def test_what_is_still_asked_for_is_shown(page: Page) -> None:
    page.route(f"{ORIGIN}/desk/found/", lambda route: route.fulfill(json={"rows": ["XH-1"]}))

    page.fill("input", "XH-1")
    page.press("input", "Enter")

    page.wait_for_function("shown.join() === 'XH-1'")
