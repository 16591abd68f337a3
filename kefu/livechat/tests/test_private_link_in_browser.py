"""The button for a private link, in a real browser."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from playwright.sync_api import Browser, expect

from kefu.conversations.tests.browser import ORIGIN, a_window

pytestmark = pytest.mark.journey
# The thread is longer than the window, and what goes wrong is said below it.
HEADING = """<!doctype html><meta charset="utf-8">
<style>[data-log] { height: 300vh } [data-make-link] { position: fixed; top: 0; z-index: 1 }</style>"""
BEGIN = """async () => {
    const { LinkBox } = await import("/static/livechat/link.js");
    const line = document.querySelector("[data-talk-problem]");
    const onProblem = (words) => {
        line.hidden = !words;
        line.querySelector("[data-problem-words]").textContent = words ?? "";
    };
    const onShown = () => document.documentElement.scrollTo(0, document.documentElement.scrollHeight);
    new LinkBox(document.querySelector("[data-chat]"), { ref: () => "XH-1", onShown, onProblem });
}"""


def window_in(language: str) -> str:
    with override(language):
        state = SimpleNamespace(kind="open", next_opening=None)
        talk = render_to_string("livechat/talk.html", {"state": state, "conversation": {"ref": "XH-1"}})
    return f'{HEADING}<section data-chat data-link-url="/link"><button data-make-link>Link</button>{talk}</section>'


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "No connection. Try again in a moment."),
        ("zh-hans", "没有连上网络，过一会儿再试。"),
        ("zh-hant", "沒有連上網路，過一會兒再試。"),
    ],
)
def test_whoever_wants_a_link_without_a_network_is_told_so_until_there_is_one(
    chromium: Browser, language: str, words: str
) -> None:
    with a_window(chromium, {"/chat": window_in(language)}) as page:
        page.set_default_timeout(10_000)
        page.route(f"{ORIGIN}/link", lambda route: route.abort("internetdisconnected"))
        page.goto(f"{ORIGIN}/chat")
        page.evaluate(BEGIN)

        page.click("[data-make-link]")

        page.wait_for_selector("[data-talk-problem]:not([hidden])")
        assert page.inner_text("[data-talk-problem]").strip() == words
        expect(page.locator("[data-talk-problem]")).to_be_in_viewport()
        page.route(f"{ORIGIN}/link", lambda route: route.fulfill(json={"link": "https://kefu.test/c/1"}))
        page.click("[data-make-link]")
        page.wait_for_selector("[data-link-box]:not([hidden])")
        assert page.input_value("[data-link]") == "https://kefu.test/c/1"
        assert page.is_hidden("[data-talk-problem]")
