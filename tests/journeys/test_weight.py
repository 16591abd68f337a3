"""What an article costs a reader on a phone: bytes over the wire, sheets and script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows

pytestmark = pytest.mark.journey

ARTICLE = "/zh-hans/articles/deposit-not-here/"
SEARCH = "/zh-hans/search/?q=提现"
MOST_BYTES, MOST_SCRIPT = 60_000, 15_000
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => refused.push(event.violatedDirective));
"""


@dataclass
class Wire:
    """Bytes as they came, by kind, heads included."""

    kinds: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def listen(self, page: Page) -> Wire:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        return self

    def _received(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]

    def _finished(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = int(event["encodedDataLength"])

    def of(self, *kinds: str) -> list[int]:
        return [size for one, size in self.sizes.items() if not kinds or self.kinds.get(one) in kinds]


@pytest.fixture
def article(windows: Windows) -> Callable[[], tuple[Page, Wire]]:
    def open_article() -> tuple[Page, Wire]:
        page = windows.open(phone=True)
        page.add_init_script(WATCH)
        wire = Wire().listen(page)
        page.goto(ARTICLE, wait_until="networkidle")
        return page, wire

    return open_article


def test_an_article_is_light(article: Callable[[], tuple[Page, Wire]]) -> None:
    _, wire = article()

    assert sum(wire.of()) <= MOST_BYTES
    assert sum(wire.of("Script")) <= MOST_SCRIPT
    assert len(wire.of("Stylesheet")) == 1


def test_an_article_breaks_no_rule_of_its_own_policy(article: Callable[[], tuple[Page, Wire]]) -> None:
    """Chromium holds data blocks against nothing: they are no script."""
    page, _ = article()

    assert page.locator("script[type='application/ld+json']").count() == 2
    assert page.evaluate("refused") == []


# What moves under the eyes without anybody having touched anything, each by how much.
MOVES = """() => {
  window.moves = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (!hadRecentInput) window.moves.push([value, sources.map(({ node }) => node?.textContent?.trim().slice(0, 40))]);
    }
  }).observe({ type: "layout-shift", buffered: true });
}"""


@pytest.mark.parametrize("phone", [True, False])
def test_nothing_moves_while_an_article_comes(windows: Windows, phone: bool) -> None:
    reader = windows.open(phone=phone)
    reader.add_init_script(f"({MOVES})()")

    reader.goto(ARTICLE)
    expect(reader.locator(".switch[data-ready]").first).to_be_visible()
    expect(reader.locator(".copy-address").first).to_be_attached()
    expect(reader.locator("[data-state-known]").first).to_be_visible()

    assert reader.evaluate("window.moves") == []


# Whatever keeps the page from answering for 50 ms or more (W3C, Long Tasks API), by how many.
LONG_TASKS = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasks.push(Math.round(duration));
  }).observe({ type: "longtask", buffered: true });
}"""
# A machine that does other things as well can only add to what a page takes.
MOST_TRIES = 8


@pytest.mark.parametrize("phone", [True, False])
@pytest.mark.parametrize("path", [ARTICLE, SEARCH])
def test_nothing_holds_a_page_up(windows: Windows, path: str, phone: bool) -> None:
    reader = windows.open(phone=phone)
    reader.add_init_script(f"({LONG_TASKS})()")

    tries: list[list[int]] = []
    while len(tries) < MOST_TRIES and [] not in tries:
        reader.goto(path, wait_until="networkidle")
        if path == SEARCH:
            reader.locator("main #q").fill("充值没到账")
            expect(reader.locator("[data-instant-list] a").first).to_be_visible()
        tries.append(reader.evaluate("window.longTasks"))

    assert [] in tries, tries
