"""The tiles of files in a real browser: names are words, and only what is ready is asked for."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from kefu.conversations.tests.browser import ORIGIN
from kefu.conversations.tests.conftest import WITHIN
from kefu.safety.files.pictures import clean_picture
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


STYLED = """(addresses) => Promise.all(addresses.map((href) => new Promise((done) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done });
  document.head.append(link);
})))"""
STYLES = ["/static/ui/tokens.css", "/static/ui/base.css", "/static/ui/conversation.css"]
REDRAW = """() => {
  const log = document.getElementById("log");
  log.replaceChildren(...[...log.children].map((one) => one.cloneNode(true)));
}"""
# Of the tile and of the picture in it, where it stands as in a thread.
BOXES = """() => {
  document.getElementById("log").className = "message";
  return ["a", "img"].flatMap((name) => {
    const { width, height } = document.querySelector(`#log ${name}`).getBoundingClientRect();
    return [width, height];
  });
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


def expect_asked(page: Page, asked: list[str], *paths: str) -> None:
    """A picture has its place on the page before its request is heard of here."""
    ends = time.monotonic() + WITHIN
    while len(asked) < len(paths):
        assert time.monotonic() < ends, asked
        page.wait_for_timeout(20)
    assert asked == list(paths)


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
    small = [f"/files/{KEY}/small", f"/files/{other}/small"]
    expect_asked(page, asked, *small)

    page.locator("#log .file-picture").last.press("Enter")
    expect(page.locator("dialog img")).to_have_attribute("alt", "二.png")
    expect(page.locator("dialog [data-gallery=next]")).to_be_disabled()
    expect_asked(page, asked, *small, f"/files/{other}/content")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("dialog img")).to_have_attribute("alt", "图.png")
    expect_asked(page, asked, *small, f"/files/{other}/content", f"/files/{KEY}/content")
    page.keyboard.press("Escape")

    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator("#log .file-picture").first).to_be_focused()
    assert len(asked) == 4


def test_a_message_that_is_drawn_anew_meanwhile_loses_nobodys_place(page: Page) -> None:
    serve(page)
    keys = ["ab" * 16, "cd" * 16, "ef" * 16]
    page.evaluate(DRAW, [a_file(key=key, name=f"{key[:2]}.png") for key in keys])
    page.locator("#log .file-picture").nth(1).press("Enter")

    page.evaluate(REDRAW)
    page.keyboard.press("ArrowRight")
    expect(page.locator("dialog img")).to_have_attribute("alt", "ef.png")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("dialog img")).to_have_attribute("alt", "cd.png")
    page.evaluate(REDRAW)
    page.keyboard.press("Escape")

    expect(page.locator("#log .file-picture").nth(1)).to_be_focused()


def test_who_comes_to_an_end_by_the_button_stays_with_the_keyboard_in_the_dialog(page: Page) -> None:
    serve(page)
    page.evaluate(DRAW, [a_file(), a_file(key="cd" * 16, name="二.png")])
    page.locator("#log .file-picture").first.press("Enter")

    page.locator("dialog [data-gallery=next]").press("Enter")
    expect(page.locator("dialog img")).to_have_attribute("alt", "二.png")
    expect(page.locator("dialog [data-gallery=previous]")).to_be_focused()
    page.keyboard.press("ArrowLeft")

    expect(page.locator("dialog img")).to_have_attribute("alt", "图.png")
    expect(page.locator("dialog [data-gallery=next]")).to_be_focused()


def test_beside_a_single_picture_nothing_leads_on(page: Page) -> None:
    serve(page)
    page.evaluate(DRAW, [a_file(), a_file(kind="pdf", name="a.pdf")])

    page.locator("#log .file-picture").press("Enter")

    expect(page.locator("dialog [data-gallery=close]")).to_be_visible()
    expect(page.locator("dialog footer")).to_be_hidden()


@pytest.mark.parametrize(
    "size", [(1200, 2400), (900, 600), (300, 200), (80, 60), (1, 1), (90, 3000), (3000, 90)]
)
@pytest.mark.parametrize("screen", [1280, 320])
def test_a_picture_that_comes_late_moves_nothing(
    page: Page, tmp_path: Path, size: tuple[int, int], screen: int
) -> None:
    page.set_viewport_size({"width": screen, "height": 640})
    page.goto(f"{ORIGIN}/thread")
    page.evaluate(STYLED, STYLES)
    held: list[Route] = []
    page.route(f"{ORIGIN}/files/**", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks what it is given
    (tmp_path / "file").write_bytes(picture("PNG", size))
    small = clean_picture(tmp_path / "file").small

    with page.expect_request("**/small"):
        page.evaluate(DRAW, [a_file(width=size[0], height=size[1])])
    before = page.evaluate(BOXES)
    held[0].fulfill(body=small, content_type="image/webp")
    page.evaluate("document.querySelector('#log img').decode()")

    assert page.evaluate(BOXES) == pytest.approx(before, abs=0.5)
    assert before[0] == before[2] + 2, "The tile is as wide as its picture and its edges."
    assert before[2] >= 44
    assert max(before) <= 282
