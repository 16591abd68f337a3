"""While a form is on its way its buttons wait; they come back when the journey ends badly."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import WITHIN, Windows

pytestmark = pytest.mark.journey


def held(page: Page, path: str) -> list[Route]:
    """What the page sends there by a form stays on its way until it is let go."""
    routes: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and route.request.is_navigation_request():
            routes.append(route)
        else:
            route.continue_()

    page.route(path, hold)
    return routes


# While a journey is under way nothing can be asked of a page, so it tells by itself: on its way, any to press, any not.
TELLS = """addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-sending]");
  if (!form) return;
  const all = [...form.querySelectorAll("[type=submit]")];
  new MutationObserver(() => console.debug("standing", JSON.stringify([
    form.hasAttribute("aria-busy"), all.some((one) => !one.disabled), all.some((one) => one.disabled),
  ]))).observe(form, { attributes: true, attributeFilter: ["aria-busy"] });
});"""
WAITING, BACK = "standing [true,false,true]", "standing [false,true,false]"


def told_by(page: Page) -> list[str]:
    """What becomes of the buttons on the pages that are opened from now on."""
    told: list[str] = []
    page.add_init_script(TELLS)
    page.on("console", lambda message: told.append(message.text) if message.type == "debug" else None)
    return told


def expect_told(page: Page, told: list[str], *wanted: str) -> None:
    ends = time.monotonic() + WITHIN
    while told != list(wanted):
        assert time.monotonic() < ends, told
        page.wait_for_timeout(20)


def the_only(page: Page, routes: list[Route]) -> Route:
    """What was sent, once; a page tells of a journey before the journey is heard of here."""
    ends = time.monotonic() + WITHIN
    while not routes:
        assert time.monotonic() < ends
        page.wait_for_timeout(20)
    # What was pressed a second time would be heard of by now.
    page.wait_for_timeout(200)
    assert len(routes) == 1
    return routes[0]


def test_an_article_is_saved_once_and_the_buttons_come_back_from_a_journey_that_was_stopped(
    windows: Windows,
) -> None:
    editor = windows.agent("何思恩 Grace")
    editor.goto("/desk/articles/?q=deposit-not-here")
    editor.locator(".article-list a.row-title").first.click()
    editor.clock.install()
    told = told_by(editor)
    editor.goto(f"{editor.url}en/")
    editor.locator("#note").fill("sent once")
    routes = held(editor, "**/en/")

    editor.keyboard.press("Control+s")
    expect_told(editor, told, WAITING)
    editor.keyboard.press("Control+s")
    editor.keyboard.press("Control+Enter")
    the_only(editor, routes).abort("aborted")
    editor.clock.fast_forward(21_000)
    expect_told(editor, told, WAITING, BACK)
    expect(editor.locator("#note")).to_have_value("sent once")
    editor.unroute("**/en/")
    editor.get_by_role("button", name="Save draft").click()
    expect(editor.get_by_role("status").first).to_contain_text("Saved as revision")
    expect(editor.get_by_role("button", name="Save draft")).to_be_enabled()


def test_what_is_refused_can_be_sent_again_at_once(windows: Windows) -> None:
    editor = windows.agent("何思恩 Grace")
    editor.goto("/desk/articles/?q=deposit-not-here")
    editor.locator(".article-list a.row-title").first.click()
    editor.goto(f"{editor.url}zh-hant/")
    written = editor.locator("#source").input_value()
    editor.locator("#source").fill("::: care\n沒有結尾")
    editor.keyboard.press("Control+s")
    expect(editor.locator("#source-problem")).to_be_visible()
    expect(editor.get_by_role("button", name="Save draft")).to_be_enabled()
    editor.locator("#source").fill(f"{written}\n再一句。")
    editor.keyboard.press("Control+s")
    expect(editor.get_by_role("status").first).to_contain_text("Saved as revision")
    windows.troubles[:] = [trouble for trouble in windows.troubles if "422" not in trouble]


def test_a_deposit_is_asked_for_once_also_after_a_network_that_failed(windows: Windows) -> None:
    reader = windows.open(locale="en")
    told = told_by(reader)
    reader.goto("/en/tools/deposit/")
    reader.locator("[name=txid]").fill("f" * 60)
    routes = held(reader, "**/tools/deposit/**")
    reader.get_by_role("button", name="Trace it").click(no_wait_after=True)
    expect_told(reader, told, WAITING)
    reader.keyboard.press("Enter")
    the_only(reader, routes).abort("failed")
    ends = time.monotonic() + WITHIN
    while not reader.url.startswith("chrome-error:"):
        assert time.monotonic() < ends, reader.url
        reader.wait_for_timeout(20)
    reader.unroute("**/tools/deposit/**")
    reader.go_back()
    expect(reader.get_by_role("button", name="Trace it")).to_be_enabled()
    windows.troubles[:] = [trouble for trouble in windows.troubles if "ERR_FAILED" not in trouble]


def test_what_a_script_held_back_waits_for_nothing(windows: Windows) -> None:
    reader = windows.open(locale="en")
    told = told_by(reader)
    reader.goto("/en/tools/deposit/")
    routes = held(reader, "**/tools/deposit/**")
    reader.locator("[name=txid]").fill("L1aW4aubDFB7yfras2S1mN3bqg9nwySY8nkoLmJebSLD5BWv3ENZ")
    reader.get_by_role("button", name="Trace it").click(no_wait_after=True)
    expect(reader.locator('[data-said-of="txid"]')).to_contain_text("private key")
    expect(reader.get_by_role("button", name="Trace it")).to_be_enabled()
    assert (routes, told) == ([], [])
