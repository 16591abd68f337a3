"""Drafts of the desk, in a real browser: no word is lost while nobody is signed in, and none of another device's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from kefu.conversations.tests.browser import ORIGIN, a_window, chromium

__all__ = ["chromium"]

pytestmark = pytest.mark.journey
DESK = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="csrf" content="x"><body></body></html>'
)
BEGIN = """async (draft) => {
    const { Drafts } = await import("/static/desk/drafts.js");
    window.drafts = new Drafts(7, () => {});
    drafts.begin("XH-1", { reply: draft }, performance.now());
    return drafts.text("XH-1", "reply");
}"""
WRITE = "(text) => drafts.write('XH-1', 'reply', text)"
STATE = "drafts.state('XH-1', 'reply') === '{}'"
HOUR = 3_600_000
# Long enough for the pause after writing, and for another try.
A_WHILE = 8_000


class Server:
    """Has one draft, and keeps a new one only while somebody is signed in."""

    def __init__(self, draft: str) -> None:
        self.draft = draft
        self.is_signed_in = True
        self.is_away = False

    def hear(self, route: Route) -> None:
        if self.is_away:
            route.abort()
            return
        if not self.is_signed_in:
            route.fulfill(status=401, json={"error": "signed_out"})
            return
        self.draft = route.request.post_data_json["text"]
        route.fulfill(json={})


@pytest.fixture
def server() -> Server:
    return Server("您好")


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    with a_window(chromium, {"/desk": DESK}) as page:
        page.route(f"{ORIGIN}/desk/conversation/**", server.hear)
        page.set_default_timeout(10_000)
        page.clock.install()
        page.goto(f"{ORIGIN}/desk")
        yield page


def begin(page: Page, server: Server) -> str:
    found: str = page.evaluate(BEGIN, server.draft)
    return found


def write(page: Page, words: str, state: str) -> None:
    page.evaluate(WRITE, words)
    page.clock.run_for(1_000)
    page.wait_for_function(STATE.format(state))


def leave_signed_out(page: Page, server: Server, words: str) -> None:
    """What stands there when the page ends was not saved."""
    server.is_signed_in = False
    write(page, words, "failed")
    page.reload()


def test_what_could_not_be_saved_is_there_after_a_long_sign_in(page: Page, server: Server) -> None:
    begin(page, server)
    leave_signed_out(page, server, "您好，已经查到了")

    page.clock.run_for(2 * HOUR)
    server.is_signed_in = True

    assert begin(page, server) == "您好，已经查到了"
    page.clock.run_for(1_000)
    page.wait_for_function(STATE.format("saved"))
    assert server.draft == "您好，已经查到了"


def test_it_stays_until_it_is_known_to_be_saved(page: Page, server: Server) -> None:
    begin(page, server)
    leave_signed_out(page, server, "还没存下的话")

    for _ in range(2):
        assert begin(page, server) == "还没存下的话"
        page.goto("about:blank")
        page.goto(f"{ORIGIN}/desk")


def test_what_was_saved_after_all_does_not_come_back(page: Page, server: Server) -> None:
    begin(page, server)
    leave_signed_out(page, server, "已经查到了")
    server.is_signed_in = True
    begin(page, server)
    page.clock.run_for(1_000)
    page.wait_for_function(STATE.format("saved"))

    server.draft = ""
    page.reload()

    assert begin(page, server) == ""


def test_what_was_sent_from_another_device_meanwhile_does_not_come_back(page: Page, server: Server) -> None:
    """Nobody was signed out, so the last words may have reached the server; it has no draft any more."""
    server.draft, server.is_away = "", True
    begin(page, server)
    page.evaluate(WRITE, "已经查到了")
    page.reload()
    assert begin(page, server) == "已经查到了"
    page.reload()

    page.clock.run_for(2 * 60_000)

    assert begin(page, server) == ""


def test_what_another_device_saved_meanwhile_is_kept_too(page: Page, server: Server) -> None:
    begin(page, server)
    leave_signed_out(page, server, "电脑上写的")

    server.draft = "手机上写的"
    server.is_signed_in = True

    assert begin(page, server) == "手机上写的\n电脑上写的"


def test_words_of_yesterday_are_left_alone(page: Page, server: Server) -> None:
    begin(page, server)
    leave_signed_out(page, server, "昨天的话")

    page.clock.fast_forward(12 * HOUR)

    assert begin(page, server) == "您好"


def test_it_is_saved_by_itself_when_somebody_signs_in_elsewhere(page: Page, server: Server) -> None:
    begin(page, server)
    server.is_signed_in = False
    write(page, "稍等", "failed")

    server.is_signed_in = True
    page.clock.run_for(A_WHILE)

    page.wait_for_function(STATE.format("saved"))
    assert server.draft == "稍等"
