"""M4, H8: when it is resolved the customer says whether it is, with one tap, in words, or by opening it again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Windows, assert_sound
from tests.journeys.people import ask, open_row, reply

pytestmark = pytest.mark.journey


def test_one_tap_then_words_and_open_it_again(windows: Windows) -> None:
    desk, phone = windows.agent("林晚晴 Winnie"), windows.open(phone=True)
    ref = ask(phone, "提现的地址填错了一位")
    open_row(desk, ref)
    reply(desk, "已经退回到你的账户。")
    expect(phone.locator("[data-log]")).to_contain_text("已经退回到你的账户。")
    expect(phone.locator("[data-rating]")).to_be_hidden()

    desk.locator("[data-resolve]").click()
    phone.get_by_role("button", name="还没有").click()

    words = phone.locator("#chat-rating")
    expect(words).to_be_focused()
    expect(phone.locator("[data-reopen]")).to_be_in_viewport(ratio=0.99)
    expect(phone.get_by_role("button", name="还没有")).to_have_attribute("aria-pressed", "true")
    expect(desk.locator(".thread")).to_contain_text("客户说问题还没解决。")
    assert_sound(phone)

    words.fill("还差手续费。密码: hunter2hunter2")
    expect(phone.locator("[data-rating-found]")).to_be_visible()
    phone.get_by_role("button", name="提交").click()
    expect(desk.locator(".thread")).to_contain_text("还差手续费。")
    expect(desk.locator(".thread")).not_to_contain_text("hunter2")

    # The same on the list, in this browser.
    phone.goto("/zh-hans/cases/")
    mine = phone.locator(f"[id='{ref}']")
    expect(mine.get_by_role("button", name="还没有")).to_have_attribute("aria-pressed", "true")
    assert_sound(phone)
    mine.get_by_role("button", name="解决了").click()
    expect(mine.get_by_role("status")).to_contain_text("谢谢")
    expect(desk.locator(".thread")).to_contain_text("客户说问题解决了。")
    mine.get_by_role("button", name="重新打开会话").click()

    expect(phone.locator(f"[id='{ref}']")).to_contain_text("轮到我们")
    expect(desk.locator("[data-resolve]")).to_contain_text("解决")
    expect(desk.locator(".thread")).to_contain_text("客户重新打开了会话。")


def test_words_that_are_not_sent_when_an_agent_opens_it_again_go_on_as_a_message(windows: Windows) -> None:
    desk, phone = windows.agent("林晚晴 Winnie"), windows.open(phone=True)
    ref = ask(phone, "手续费怎么算错了")
    open_row(desk, ref)
    desk.locator("[data-resolve]").click()
    phone.get_by_role("button", name="还没有").click()
    phone.locator("#chat-rating").fill("少退了三个点")

    desk.locator("[data-reopen]").click()

    expect(phone.locator("#chat-rating")).to_be_hidden()
    expect(phone.locator("#chat-message")).to_have_value("少退了三个点")
    expect(phone.locator("#chat-message")).to_be_focused()
    phone.locator("[data-composer] button[type=submit]").click()
    expect(desk.locator(".thread")).to_contain_text("少退了三个点")


def test_in_longer_words_too_all_that_came_up_stands_on_the_screen(windows: Windows) -> None:
    desk, phone = windows.agent("林晚晴 Winnie"), windows.open(phone=True, locale="en-GB")
    ref = ask(phone, "What does a stop-limit order cost, and when does it end?", language="en")
    open_row(desk, ref)
    reply(desk, "As much as a limit order, and it stands until you cancel it.")
    expect(phone.locator("[data-log]")).to_contain_text("until you cancel it")

    desk.locator("[data-resolve]").click()
    phone.get_by_role("button", name="Not solved").click()

    expect(phone.locator("#chat-rating")).to_be_focused()
    expect(phone.get_by_role("button", name="Open the conversation again")).to_be_in_viewport(ratio=0.99)
