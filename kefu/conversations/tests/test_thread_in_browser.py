"""L1: what the thread module draws, and how a screen reader hears of it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from kefu.conversations.tests.browser import ORIGIN

pytestmark = pytest.mark.journey

DRAW = """async ({ messages, audience }) => {
    const { begin, reduce } = await import("/static/conversations/reducer.js");
    const { Thread } = await import("/static/conversations/thread.js");
    const find = (id) => document.getElementById(id);
    const elements = { log: find("log"), scroll: find("scroll"), typing: find("typing") };
    window.thread ??= new Thread({ ...elements, audience });
    const events = messages.map((message, place) => ({ seq: place + 1, kind: "message", message }));
    const snapshot = { seq: events.length, head: {}, events, cursors: [], earlier: false };
    const { state } = reduce(begin({ ref: "XH-1", audience }), { type: "resync", snapshot }, 0);
    window.thread.draw(state, new Date("2026-11-24T04:00:00Z"));
    return find("log").getAttribute("aria-live");
}"""
# One's own message on its way: written, sent, stored, seen.
SEND = """async ({ stored, audience, files }) => {
    const { begin, reduce } = await import("/static/conversations/reducer.js");
    const entry = { client_id: "own-1", text: "你好", visibility: "customer", at: stored.at, files };
    const snapshot = { seq: 0, head: {}, events: [], cursors: [], earlier: false };
    const { state } = reduce(begin({ ref: "XH-1", audience }), { type: "resync", snapshot }, 0);
    const draw = (more) => window.thread.draw({ ...state, ...more }, new Date("2026-11-24T04:00:00Z"));
    const live = () => document.querySelector(".message [data-slot=foot]").getAttribute("aria-live");
    draw({ unsent: [{ ...entry, state: "queued" }] });
    const bubble = document.querySelector(".message");
    await new Promise((resolve) => setTimeout(resolve));
    window.changed.length = 0;
    const heard = [live()];
    draw({ unsent: [{ ...entry, state: "sending", sent_at: 1 }] });
    draw({ unsent: [{ ...entry, state: "failed", code: "refused" }] });
    heard.push(live());
    draw({ unsent: [{ ...entry, state: "sending", sent_at: 1 }] });
    const message = { ...stored, client_id: "own-1" };
    const events = [{ seq: 1, kind: "message", message }];
    const told = reduce(state, { type: "events", topic: state.topic, events }, 0);
    draw(told.state);
    heard.push(live());
    await new Promise((resolve) => setTimeout(resolve));
    const isIn = (node, selector) => (node.closest ? node : node.parentElement)?.closest(selector);
    const added = window.changed.filter(({ target }) => !isIn(target, "[data-slot=foot]"))
        .flatMap(({ addedNodes }) => [...addedNodes]);
    const read = added.map((node) => node.textContent.trim());
    return { isSame: bubble === document.querySelector(".message"), read, heard, className: bubble.className };
}"""
WATCH = """() => {
    window.changed = [];
    const watcher = new MutationObserver((changes) => window.changed.push(...changes));
    watcher.observe(document.querySelector("#log"), { childList: true, subtree: true });
}"""
MEI = {"kind": "agent", "id": 0, "name": "林美"}
CUSTOMER = {"kind": "customer", "id": 0, "name": ""}


def said(number: int, text: str, **changes: Any) -> dict[str, Any]:
    message = {"id": number, "seq": number, "client_id": None, "author": MEI, "mine": False, "text": text}
    message |= {"visibility": "customer", "secrets": [], "at": f"2026-11-24T0{number}:00:00Z"}
    return message | {"edited": False, "erased": False} | changes


def draw(page: Page, *messages: dict[str, Any], audience: str = "customer") -> str:
    """Draw the thread that these messages are; how the log is announced at that moment."""
    live: str = page.evaluate(DRAW, {"messages": list(messages), "audience": audience})
    return live


def test_text_is_never_markup_and_only_plain_links_are_links(page: Page) -> None:
    page.goto(f"{ORIGIN}/thread")
    texts = [
        "<img src=x onerror=alert(1)> javascript:alert(1)",
        "看 https://xinghai.example/a_(b)?c=1&d=2。谢谢 http://x.example.",
        "https://xinghai.example@evil.example/ https://xn--80ak6aa92e.example/ https://аpple.example/",
    ]

    draw(page, *[said(number, text) for number, text in enumerate(texts, 1)])

    bubbles = page.locator(".bubble")
    assert [bubble.inner_text() for bubble in bubbles.all()] == texts
    links = page.locator(".bubble a").evaluate_all("all => all.map((a) => [a.href, a.rel, a.target])")
    assert [href for href, _, _ in links] == ["https://xinghai.example/a_(b)?c=1&d=2", "http://x.example/"]
    assert all("noopener" in rel and "nofollow" in rel and target == "_blank" for _, rel, target in links)
    assert page.locator("#log img").count() == 0


def test_a_chip_is_drawn_for_what_the_guard_found_and_for_nothing_else(page: Page) -> None:
    page.goto(f"{ORIGIN}/thread")
    text = "助记词是 ⟦secret:mnemonic⟧，码是 ⟦secret:code⟧"

    draw(page, said(1, text, secrets=["mnemonic"], mine=True, author=CUSTOMER))

    assert page.locator(".secret").all_inner_texts() == ["Hidden: seed phrase"]
    assert "⟦secret:code⟧" in page.inner_text(".bubble")
    assert "did not keep it" in page.inner_text(".secret-note")


def test_history_is_not_read_aloud_and_news_is_added_without_touching_the_rest(page: Page) -> None:
    page.goto(f"{ORIGIN}/thread")
    assert draw(page, said(1, "一"), said(2, "二")) == "off"
    page.wait_for_function("document.querySelector('#log').ariaLive === 'polite'")
    page.evaluate(WATCH)

    live = draw(page, said(1, "一"), said(2, "二"), said(3, "三"))

    added = page.evaluate(
        "changed.map(({ addedNodes, removedNodes }) => [addedNodes.length, removedNodes.length])"
    )
    assert (live, added) == ("polite", [[1, 0]])


@pytest.mark.parametrize("reads_the_end", [True, False])
def test_whoever_reads_the_end_goes_on_reading_it_when_the_box_below_grows(
    page: Page, reads_the_end: bool
) -> None:
    page.goto(f"{ORIGIN}/thread")
    page.evaluate(
        "document.querySelector('#scroll').style = 'block-size: 300px; overflow: auto; display: block'"
    )
    draw(page, *[said(n, f"第 {n} 句", at=f"2026-11-24T03:{n:02}:00Z") for n in range(1, 41)])
    place = "(({ scrollTop, scrollHeight, clientHeight }) => [scrollTop, scrollHeight - scrollTop - clientHeight])"
    place += "(document.querySelector('#scroll'))"
    page.wait_for_function(f"{place}[1] < 2")
    if not reads_the_end:
        page.evaluate("document.querySelector('#scroll').scrollTop = 150")
        page.wait_for_function(f"{place}[0] === 150")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    page.evaluate("document.querySelector('#scroll').style.blockSize = '120px'")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    read_from, below = page.evaluate(place)
    assert below < 2 if reads_the_end else read_from == 150


def test_whoever_reads_at_the_top_stays_there_while_older_messages_come(page: Page) -> None:
    """The day's mark is first on the screen, and is made anew when the day turns out to have begun earlier."""
    page.goto(f"{ORIGIN}/thread")
    page.evaluate(
        "document.querySelector('#scroll').style = 'block-size: 200px; overflow: auto; display: block'"
    )
    messages = [said(n, f"第 {n} 句", at=f"2026-11-24T03:{n:02}:00Z") for n in range(1, 41)]
    draw(page, *messages[20:])
    page.evaluate("document.querySelector('#scroll').scrollTop = 0")
    place = "[...document.querySelectorAll('.bubble')].find((one) => one.textContent.includes('第 21 句'))"
    before = page.evaluate(f"{place}.getBoundingClientRect().top")

    draw(page, *messages)

    assert page.evaluate("document.querySelector('#scroll').scrollTop") > 0
    assert abs(page.evaluate(f"{place}.getBoundingClientRect().top") - before) <= 1


def test_ones_own_message_is_read_aloud_once_whatever_becomes_of_it(page: Page) -> None:
    page.goto(f"{ORIGIN}/thread")
    draw(page)
    page.evaluate(WATCH)

    stored = said(1, "你好", mine=True, author=CUSTOMER)
    told = page.evaluate(SEND, {"stored": stored, "audience": "customer", "files": []})

    assert told == {
        "isSame": True,
        "read": [],
        "heard": [None, "polite", "off"],
        "className": "message mine",
    }


def test_of_an_agents_own_message_only_the_heading_comes_later(page: Page) -> None:
    page.goto(f"{ORIGIN}/thread")
    draw(page, audience="staff")
    page.evaluate(WATCH)

    told = page.evaluate(SEND, {"stored": said(1, "你好", mine=True), "audience": "staff", "files": []})

    assert (told["isSame"], told["read"]) == (True, ["林美"])
    assert page.locator(".message > *").evaluate_all("all => all.map((one) => one.localName)") == [
        "header",
        "div",
        "footer",
    ]


def test_days_and_times_are_the_readers_own(page: Page) -> None:
    page.goto(f"{ORIGIN}/thread")

    draw(page, said(1, "昨天", at="2026-11-23T15:59:00Z"), said(2, "今天", at="2026-11-23T16:01:00Z"))

    assert page.locator(".day").all_inner_texts() == ["yesterday", "today"]
    assert page.locator("footer time").all_inner_texts() == ["23:59", "00:01"]


def test_a_note_is_drawn_for_staff_with_its_author(page: Page) -> None:
    page.goto(f"{ORIGIN}/thread")

    draw(page, said(1, "内部", visibility="staff", mine=True), audience="staff")

    assert page.locator(".message.note").count() == 1
    assert "林美" in page.inner_text(".message.note header")
