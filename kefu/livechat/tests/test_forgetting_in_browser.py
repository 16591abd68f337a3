"""Whoever is forgotten on a device leaves none of their words in its browser, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from kefu.conversations.tests.browser import BLANK, ORIGIN, a_window, serve_files

pytestmark = pytest.mark.journey

FORM = """<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title>
<form method="post" action="/gone" data-forget><input type="hidden" name="forgotten" value=""><button>x</button></form>
<textarea></textarea><script type="module" src="/static/livechat/forgetting.js"></script></html>"""
KEPT = """() => {
    for (const key of ["theme", "kefu-unsent:new:1", "kefu-seen:XH-1:customer", "kefu-session",
        "kefu-unsent:staff-7-XH-1:2", "kefu-seen:staff-7-XH-1:staff"]) localStorage.setItem(key, "x");
    for (const key of ["kefu-trail", "kefu-searched", "kefu-chat", "kefu-draft:7:XH-1:reply"])
        sessionStorage.setItem(key, "x");
}"""
NAMES = "() => [localStorage, sessionStorage].map((kept) => Object.keys(kept).sort())"
WRITTEN = """async () => {
    const { handOn } = await import("/static/livechat/draft.js");
    handOn(() => ({ ref: "XH-1", topic: "", text: document.querySelector("textarea").value, email: "" }));
    // As an open chat does until its page goes.
    document.querySelector("form").addEventListener("submit", () => {
        setTimeout(() => localStorage.setItem("kefu-unsent:new:late", "x"));
    });
}"""


PAGES = {"/form": FORM, "/gone": BLANK}
# As an open chat keeps something once more when it is told to stop.
FOLLOW = """async () => {
    const { whenForgotten } = await import("/static/conversations/storage.js");
    window.ended = 0;
    whenForgotten(() => {
        window.ended += 1;
        sessionStorage.setItem("kefu-writing", "x");
    });
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with a_window(chromium, PAGES) as page:
        page.goto(f"{ORIGIN}/form")
        yield page


def test_the_customer_leaves_nothing_and_the_device_and_agents_keep_theirs(page: Page) -> None:
    page.evaluate(KEPT)
    page.evaluate(WRITTEN)
    page.locator("textarea").fill("写到一半就走了")

    with page.expect_request(f"{ORIGIN}/gone") as sent:
        page.locator("button").click()
    page.wait_for_url(f"{ORIGIN}/gone")

    assert page.evaluate(NAMES) == [
        ["kefu-seen:staff-7-XH-1:staff", "kefu-unsent:staff-7-XH-1:2", "theme"],
        ["kefu-draft:7:XH-1:reply"],
    ]
    assert sent.value.post_data == "forgotten=yes"


@pytest.mark.parametrize("listens", [FOLLOW, 'async () => void (await import("/static/livechat/panel.js"))'])
def test_other_tabs_hear_of_it_and_keep_nothing_either(page: Page, listens: str) -> None:
    other = page.context.new_page()
    serve_files(other, PAGES)
    for tab in (other, page):
        tab.goto(f"{ORIGIN}/form")
        tab.evaluate(KEPT)
        tab.evaluate(listens)

    page.locator("button").click()
    page.wait_for_url(f"{ORIGIN}/gone")

    other.wait_for_function("sessionStorage.length === 1")
    assert other.evaluate(NAMES) == [
        ["kefu-seen:staff-7-XH-1:staff", "kefu-unsent:staff-7-XH-1:2", "theme"],
        ["kefu-draft:7:XH-1:reply"],
    ]
    assert other.evaluate("window.ended ?? 1") == 1


@pytest.mark.parametrize("listens", [FOLLOW, 'async () => void (await import("/static/livechat/panel.js"))'])
def test_a_tab_that_slept_leaves_the_next_customers_words(page: Page, listens: str) -> None:
    page.evaluate(KEPT)
    page.evaluate(listens)

    page.evaluate("""() => dispatchEvent(
        new StorageEvent("storage", { key: "kefu-forgotten", newValue: String(Date.now() - 60_000) })
    )""")

    page.wait_for_function("sessionStorage.length === 1")
    shared, own = page.evaluate(NAMES)
    assert {name for name in shared if name.startswith("kefu-unsent:")} > {"kefu-unsent:staff-7-XH-1:2"}
    assert own == ["kefu-draft:7:XH-1:reply"]


def test_without_storage_there_is_nothing_to_forget_and_they_leave_all_the_same(page: Page) -> None:
    page.evaluate(
        """() => Object.defineProperty(window, "localStorage", {
            get() { throw new DOMException("no", "SecurityError"); },
        })"""
    )
    page.evaluate('() => sessionStorage.setItem("kefu-trail", "x")')

    page.locator("button").click()
    page.wait_for_url(f"{ORIGIN}/gone")

    assert page.evaluate("() => sessionStorage.length") == 0
