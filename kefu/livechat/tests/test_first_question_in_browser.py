"""A first question that waits for the network, in a real browser: it is sent as it was pressed, and no word is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from kefu.conversations.tests.browser import ORIGIN, a_window

pytestmark = pytest.mark.journey
WINDOW = """<!doctype html><html lang="en"><meta charset="utf-8"><body>
<section data-chat data-open-url="/open" data-language="en" data-chosen-topic="" data-chosen-issue="">
  <button data-topic="account" data-topic-name="Account"></button>
  <button data-topic="deposit" data-topic-name="Deposits"></button>
  <form data-view="question" hidden>
    <b data-topic-shown></b><button type="button" data-back></button>
    <textarea></textarea><p data-too-long hidden></p><p data-found hidden></p>
    <ul data-tray></ul><p data-tray-waits hidden></p><p data-tray-held hidden></p>
    <button type="button" data-attach></button><input type="file" data-files data-limits="{}" data-most="1" hidden>
    <p data-email><input name="email"></p><p data-email-problem hidden><span data-problem-words></span></p>
    <p data-problem hidden><span data-problem-words></span></p><p data-kept hidden>Kept</p>
    <button data-send></button>
    <p data-trail hidden><button type="button" data-trail-forget></button></p>
  </form>
</section></body></html>"""
BEGIN = """async () => {
    const { Start } = await import("/static/livechat/start.js");
    const { handedOn, handOn } = await import("/static/livechat/draft.js");
    const form = document.querySelector("form");
    window.opened = 0;
    const start = new Start(document.querySelector("[data-chat]"), {
        onView: () => (form.hidden = false), onOpened: () => (window.opened += 1),
    });
    start.resume({ hasConversation: false, written: handedOn() });
    handOn(() => ({ user: "", ...start.writing }));
}"""
AGAIN_AFTER = 8_000


class Server:
    """Hears every question, and answers only while it `answers`."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.answers = False

    def hear(self, route: Route) -> None:
        self.heard.append(route.request.post_data_json)
        if self.answers:
            route.fulfill(json={"session": None})
        else:
            route.abort("internetdisconnected")

    @property
    def texts(self) -> list[str]:
        return [one["text"] for one in self.heard]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    with a_window(chromium, {"/chat": WINDOW}) as page:
        page.route(f"{ORIGIN}/open", server.hear)
        page.set_default_timeout(10_000)
        page.clock.install()
        begin(page)
        yield page


def begin(page: Page) -> None:
    page.goto(f"{ORIGIN}/chat")
    page.evaluate(BEGIN)


def ask(page: Page, words: str) -> None:
    """While nobody answers."""
    if page.locator("form").is_hidden():
        page.click("[data-topic=account]")
    page.fill("textarea", words)
    page.click("[data-send]")
    page.wait_for_selector("[data-kept]:not([hidden])")


def come_back(page: Page, server: Server) -> None:
    """The network is there again, and all that would be sent by itself has had its time."""
    server.answers = True
    page.evaluate("dispatchEvent(new Event('online'))")
    page.clock.run_for(2 * AGAIN_AFTER)
    page.wait_for_function("!document.querySelector('textarea').readOnly")


def test_what_nobody_changes_is_sent_by_itself(page: Page, server: Server) -> None:
    ask(page, "充值没到账")
    page.type("textarea", "  ")
    assert page.is_visible("[data-kept]")

    come_back(page, server)

    page.wait_for_function("window.opened === 1")
    assert server.texts == ["充值没到账"] * 2
    assert len({one["client_id"] for one in server.heard}) == 1


def test_words_that_are_added_while_it_waits_stay_until_somebody_presses(page: Page, server: Server) -> None:
    ask(page, "充值没到账")

    page.type("textarea", "，单号 8842")

    assert page.is_hidden("[data-kept]")
    come_back(page, server)
    assert server.texts == ["充值没到账"]
    assert page.input_value("textarea") == "充值没到账，单号 8842"
    page.click("[data-send]")
    page.wait_for_function("window.opened === 1")
    assert server.texts[1:] == ["充值没到账，单号 8842"]
    assert page.evaluate("Object.keys(localStorage)") == []


def test_words_that_are_added_while_it_waits_are_there_after_a_reload(page: Page, server: Server) -> None:
    ask(page, "充值没到账")
    page.type("textarea", "，单号 8842")

    begin(page)

    assert page.input_value("textarea") == "充值没到账，单号 8842"
    come_back(page, server)
    assert server.texts == ["充值没到账"]


def test_whoever_takes_the_added_words_out_again_asks_the_same_question(page: Page, server: Server) -> None:
    """The server may have it: it must not have it twice."""
    ask(page, "充值没到账")
    page.type("textarea", "，单号")
    for _ in range(3):
        page.press("textarea", "Backspace")

    server.answers = True
    page.click("[data-send]")

    page.wait_for_function("window.opened === 1")
    assert server.texts == ["充值没到账"] * 2
    assert len({one["client_id"] for one in server.heard}) == 1


def test_an_address_that_is_added_while_it_waits_goes_along_after_a_reload(
    page: Page, server: Server
) -> None:
    ask(page, "充值没到账")
    page.fill("[name=email]", "mei@mail.example")
    server.answers = True

    begin(page)

    page.wait_for_function("window.opened === 1")
    assert server.texts == ["充值没到账"] * 2
    assert server.heard[1]["email"] == "mei@mail.example"


def test_what_another_tab_asked_does_not_take_the_place_of_what_is_written_here(
    page: Page, server: Server
) -> None:
    page.click("[data-topic=deposit]")
    page.fill("textarea", "这里写到一半")
    page.evaluate(
        """async () => {
            const { Unsent } = await import("/static/conversations/unsent.js");
            const at = new Date().toISOString();
            new Unsent("new").keep([{ client_id: "theirs", text: "别的窗口问的", at, extra: { topic: "account" } }]);
        }"""
    )

    begin(page)

    assert page.input_value("textarea") == "这里写到一半"
    server.answers = True
    page.click("[data-send]")
    page.wait_for_function("window.opened === 1")
    assert server.texts == ["这里写到一半"]
    assert page.evaluate("Object.keys(localStorage)") == ["kefu-unsent:new:theirs"]


def test_a_secret_that_was_taken_out_is_no_change(page: Page, server: Server) -> None:
    phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    ask(page, f"助记词 {phrase}")
    begin(page)
    page.wait_for_selector("[data-kept]:not([hidden])")
    page.type("textarea", " ")

    come_back(page, server)

    page.wait_for_function("window.opened === 1")
    assert set(server.texts) == {"助记词 ⟦secret:mnemonic⟧"}
    assert len({one["client_id"] for one in server.heard}) == 1
