"""The tiles of files in a real browser: names are words, and only what is ready is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from kefu.conversations.tests.browser import ORIGIN
from kefu.safety.tests.files import picture

pytestmark = pytest.mark.journey
KEY = "ab" * 16
DRAW = """async (files) => {
  const { tiles } = await import("/static/conversations/files.js");
  const { Gallery } = await import("/static/conversations/gallery.js");
  const log = document.getElementById("log");
  log.append(tiles(files));
  new Gallery(log);
}"""


def a_file(**changes: Any) -> dict[str, Any]:
    file = {"key": KEY, "name": "图.png", "kind": "picture", "size": 2_000, "width": 80, "height": 60}
    return file | {"state": "ready", "problem": None} | changes


def serve(page: Page) -> list[str]:
    """A picture behind every address of a file; what was asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url.removeprefix(ORIGIN))
        route.fulfill(body=picture(), content_type="image/png")

    page.route(f"{ORIGIN}/files/**", answer)
    page.goto(f"{ORIGIN}/thread")
    return asked


def test_a_name_is_words_and_never_markup(page: Page) -> None:
    serve(page)
    bad = '"><img src=x onerror="document.title=1"><b>x</b>'

    page.evaluate(DRAW, [a_file(name=bad), a_file(name=bad, kind="pdf")])

    expect(page.locator("#log img")).to_have_count(1)
    expect(page.locator("#log img")).to_have_attribute("alt", bad)
    expect(page.locator("#log a.file b")).to_have_text(bad)
    assert page.title() == ""


def test_only_what_is_ready_is_asked_for(page: Page) -> None:
    asked = serve(page)

    page.evaluate(DRAW, [a_file(state="checking"), a_file(state="refused", problem="harmful")])

    expect(page.locator("#log .file")).to_have_count(2)
    expect(page.locator("#log .refused")).to_contain_text("looks harmful")
    expect(page.locator("#log a")).to_have_count(0)
    assert asked == []


def test_the_large_one_is_asked_for_when_somebody_looks_and_focus_comes_back(page: Page) -> None:
    asked = serve(page)
    other = "cd" * 16
    page.evaluate(DRAW, [a_file(), a_file(key=other, name="二.png")])
    expect(page.locator("#log img").last).to_have_js_property("naturalWidth", 80)
    assert asked == [f"/files/{KEY}/small", f"/files/{other}/small"]

    page.locator("#log .file-picture").last.press("Enter")
    expect(page.locator("dialog img")).to_have_attribute("alt", "二.png")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("dialog img")).to_have_attribute("alt", "图.png")
    page.keyboard.press("Escape")

    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator("#log .file-picture").first).to_be_focused()
    assert asked[2:] == [f"/files/{other}/content", f"/files/{KEY}/content"]
