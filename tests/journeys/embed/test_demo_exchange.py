"""The demo exchange's own website: its user signs in there, and the chat in its page knows them, without a cookie."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.embed.visiting import Visitors, ask, frame_of, inside
from tests.journeys.people import open_row, reply
from tests.product import Product

pytestmark = pytest.mark.journey


def website(product: Product) -> str:
    told = next(line for line in product.log if "Exchange:" in line)
    found = re.search(r"http://[\d.]+:\d+", told)
    assert found
    return found.group()


def test_a_user_of_the_exchange_is_known_in_the_chat_on_its_page(windows: Visitors, product: Product) -> None:
    desk = windows.agent("林晚晴 Winnie")
    windows.near.add(website(product))
    page = windows.open()
    page.goto(website(product))
    page.get_by_role("button", name="James Okafor").click()
    expect(page.locator("[data-told]")).to_have_text("客服窗口已经知道你是谁了。")

    page.locator("[data-open]").first.click()
    chat = inside(page)
    ref = ask(chat, "从交易所首页来问")
    open_row(desk, ref)
    expect(desk.locator("[data-context]")).to_contain_text("James Okafor")
    reply(desk, "Hello James，已经看到你的账户。")
    expect(chat.locator("[data-log]")).to_contain_text("已经看到你的账户")
    assert frame_of(page).evaluate("document.cookie") == ""

    chat.locator("[data-close]").click()
    page.locator("form[action$='sign-out'] button").click()
    page.locator("[data-open]").first.click()
    expect(inside(page).locator("[data-view=topics]")).to_be_visible()
    assert ref not in inside(page).locator("body").inner_html()
