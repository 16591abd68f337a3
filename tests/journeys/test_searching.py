"""H11, W1: somebody types what is the trouble, in their own words and with slips, and reads the answer or finds a person."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows, assert_sound

pytestmark = pytest.mark.journey


def _list_of(page: Page, words: str) -> None:
    page.locator("main #q").fill(words)
    expect(page.locator("[data-instant-list]")).to_be_visible()


def test_a_list_opens_while_somebody_types_and_is_walked_with_the_keyboard(windows: Windows) -> None:
    page = windows.open()
    page.goto("/zh-hans/")
    page.keyboard.press("/")
    expect(page.locator("main #q")).to_be_focused()

    _list_of(page, "chongbi meidaozhang")
    links = page.locator("[data-instant-list] a")
    expect(links.first).to_contain_text("充币还没到账")
    expect(page.locator("[data-instant-count]")).to_contain_text("条结果")
    assert_sound(page)
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("main #q")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-instant-list]")).to_be_hidden()

    _list_of(page, "冲币没到")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("充币还没到账，先查这三件事")


def test_results_on_a_phone_are_marked_narrowed_and_lead_on(windows: Windows) -> None:
    page = windows.open(phone=True, locale="en-GB")
    page.goto("/en/")
    page.locator("main #q").fill("my withdrawl is stuck")
    page.locator("main #q").press("Enter")

    expect(page.locator("ol.results h2").first).to_have_text("My withdrawal is still under review")
    expect(page.locator("ol.results mark").first).to_be_visible()
    expect(page.locator(".search-head [role=status]").last).to_contain_text("article")
    assert_sound(page)
    page.locator(".search-head .chips").first.get_by_role("link", name="Deposits & withdrawals").click()
    expect(page.locator(".search-head .chips [aria-current=true]").first).to_contain_text(
        "Deposits & withdrawals"
    )
    expect(page.locator("ol.results h2").first).to_have_text("My withdrawal is still under review")


def test_who_finds_nothing_is_led_to_other_words_and_to_people(windows: Windows) -> None:
    page = windows.open(phone=True, dark=True)
    page.goto("/zh-hant/search/?q=火鍋店推薦的麻辣鍋底")

    expect(page.get_by_role("heading", level=1)).to_contain_text("找不到")
    expect(page.locator(".nothing-ways [data-open-chat]")).to_be_visible()
    expect(page.locator(".chips a").first).to_be_visible()
    assert_sound(page)


TXID = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"


def test_who_pastes_a_txid_is_offered_the_tracer_and_nothing_is_wider_than_a_phone(windows: Windows) -> None:
    page = windows.open(phone=True)
    page.goto("/zh-hans/")
    _list_of(page, TXID)
    first = page.locator("[data-instant-list] a").first
    expect(first).to_contain_text("充币未到账查询")
    expect(first).to_contain_text("这看起来像 TxID 或地址。")
    page.locator("main #q").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text(TXID)
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] == width[1]
    assert_sound(page)
    page.get_by_role("main").get_by_role("link", name="充币未到账查询").click()
    page.wait_for_url("**/tools/deposit/")
    assert TXID not in page.url


SEED = "abandon ability able about above absent absorb abstract absurd abuse access accident"


def test_a_pasted_secret_goes_nowhere_and_its_owner_is_told(windows: Windows) -> None:
    page = windows.open(phone=True)
    asked: list[str] = []
    page.goto("/zh-hans/")
    page.on("request", lambda request: asked.append(f"{request.url} {request.post_data}"))

    page.locator("main #q").fill(SEED)
    expect(page.locator("main [data-secret]")).to_be_visible()
    expect(page.locator("main [data-secret]")).to_contain_text("助记词")
    page.locator("main #q").press("Enter")
    expect(page.locator("main #q")).to_be_focused()
    assert_sound(page)
    assert not any("abandon" in one for one in asked)
    page.locator("main #q").fill("提现")
    expect(page.locator("[data-instant-list] a").first).to_be_visible()
    expect(page.locator("main [data-secret]")).to_be_hidden()

    # Somebody who comes with the words in the address has sent them already; no more is kept or told.
    page.goto(f"/zh-hans/search/?q={SEED}")
    expect(page.locator("main [data-secret]")).to_be_visible()
    assert "abandon" not in page.evaluate("JSON.stringify(sessionStorage)")
    assert not any("/told/" in one for one in asked)
