"""H8: who is signed in at the exchange is known to its support, inside the exchange's page and without a cookie of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.journeys.conftest import Windows, axe
from tests.journeys.people import open_row, reply
from tests.product import Product

pytestmark = pytest.mark.journey
WEBSITE = re.compile(r"^Exchange:   (\S+)", re.MULTILINE)


@pytest.fixture
def website(product: Product) -> str:
    return WEBSITE.findall("".join(product.log))[0]


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """A browser of somebody at the exchange; it must lay down no cookie of the support centre."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, website: str, key: str) -> None:
    page.goto(f"{website}zh-hans/")
    page.locator(f"button[value={key}]").click()
    expect(page.locator("body")).to_have_attribute("data-user", key)


def chat_in(page: Page) -> FrameLocator:
    """The support window, opened by the website's own button."""
    page.locator("[data-open]").click()
    frame = page.frame_locator("kefu-chat iframe")
    frame.locator("[data-chat][data-ready]").wait_for()
    return frame


def ask(frame: FrameLocator, words: str) -> str:
    frame.locator("[data-topic=account]").click()
    frame.locator("#chat-question").fill(words)
    frame.locator("[data-view=question] [data-send]").click()
    expect(frame.locator("[data-log] .message.mine:not(.unsent)")).to_have_count(1)
    return str(frame.locator("[data-chat]").get_attribute("data-ref"))


def test_the_exchanges_user_is_vouched_for_inside_its_own_page(
    windows: Windows, visitor: Page, product: Product, website: str
) -> None:
    desk = windows.agent("林晚晴 Winnie")
    sign_in(visitor, website, "xiaomei")
    expect(visitor.locator("[data-told]")).to_have_text("客服窗口已经知道你是谁了。")
    ref = ask(chat_in(visitor), "提现一直在审核中")

    open_row(desk, ref)

    context = desk.locator("[data-context]")
    expect(context.locator(".identity")).to_have_text("由平台担保")
    expect(context.locator("[data-basis=vouched]")).to_contain_text("在平台登录，由平台担保。")
    expect(context).to_contain_text("700231")
    desk.get_by_role("button", name="我来接").click()
    reply(desk, "我查一下。")
    expect(visitor.frame_locator("kefu-chat iframe").locator("[data-log]")).to_contain_text("我查一下。")
    assert [one for one in visitor.context.cookies() if one["name"].startswith("kefu")] == []


def test_who_signs_out_of_the_exchange_is_nobody_in_its_support(
    windows: Windows, visitor: Page, website: str
) -> None:
    sign_in(visitor, website, "bohan")
    expect(visitor.locator("[data-told]")).to_have_text("客服窗口已经知道你是谁了。")
    ask(chat_in(visitor), "我的问题只给我看")

    visitor.locator("form[action$=sign-out] button").click()
    expect(visitor.locator("button[value=james]")).to_be_visible()
    frame = chat_in(visitor)

    expect(frame.locator("[data-topic=account]")).to_be_visible()
    expect(frame.locator("body")).not_to_contain_text("我的问题只给我看")


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_the_website_can_be_used_by_everybody(browser: Browser, website: str, is_dark: bool) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, color_scheme="dark" if is_dark else "light", locale="en"
    )
    page = context.new_page()
    page.goto(f"{website}en/")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320

    sign_in(page, website, "james")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()
