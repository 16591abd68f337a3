"""H8: who is signed in at the exchange is known to its support, inside the exchange's page and without a cookie of ours."""

from __future__ import annotations

import re
import tomllib

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from kefu.demo.reading import CONTENT
from tests.journeys.conftest import axe
from tests.journeys.embed.conftest import exchange_is_there
from tests.journeys.embed.visiting import (
    KEEPS_STORAGE,
    REFUSES_STORAGE,
    Visitors,
    ask,
    frame_of,
    inside,
)
from tests.journeys.people import open_row, reply
from tests.product import Product

pytestmark = pytest.mark.journey
DEPOSITS = tomllib.loads((CONTENT / "deposits.toml").read_text(encoding="utf-8"))["deposit"]
HELD = next(one for one in DEPOSITS if one.get("standing") == "held")
WEBSITE = re.compile(r"^Exchange:   (\S+)", re.MULTILINE)


@pytest.fixture
def website(product: Product) -> str:
    exchange_is_there(product)
    return WEBSITE.findall("".join(product.log))[0]


@pytest.fixture
def visitor(windows: Visitors, website: str) -> Page:
    """A window of somebody at the exchange."""
    windows.near.add(website)
    return windows.open()


def sign_in(page: Page, website: str, key: str) -> None:
    page.goto(f"{website}zh-hans/")
    page.locator(f"button[value={key}]").click()
    expect(page.locator("body")).to_have_attribute("data-user", key)


def is_known(page: Page) -> None:
    expect(page.locator("[data-told]")).to_have_text("客服窗口已经知道你是谁了。")


def chat_in(page: Page) -> FrameLocator:
    """The support window, opened by the website's own button."""
    page.locator("[data-open]").first.click()
    chat = inside(page)
    chat.locator("[data-chat][data-ready]").wait_for()
    return chat


@pytest.mark.parametrize(
    ("browser", "key", "facts"),
    [
        (KEEPS_STORAGE, "xiaomei", ["700231"]),
        (REFUSES_STORAGE, "james", ["James Okafor", "700905"]),
    ],
    indirect=["browser"],
)
def test_the_exchanges_user_is_vouched_for_inside_its_own_page(
    windows: Visitors, visitor: Page, website: str, key: str, facts: list[str]
) -> None:
    desk = windows.agent("林晚晴 Winnie")
    sign_in(visitor, website, key)
    is_known(visitor)
    chat = chat_in(visitor)
    ref = ask(chat, "提现一直在审核中，从交易所首页来问")

    open_row(desk, ref)

    context = desk.locator("[data-context]")
    expect(context.locator(".identity")).to_have_text("由平台担保")
    expect(context.locator("[data-basis=vouched]")).to_contain_text("在平台登录，由平台担保。")
    expect(context.locator("[data-basis] time")).to_have_text(re.compile(r"^自 (今天|昨天) \d\d:\d\d 起。$"))
    for fact in facts:
        expect(context).to_contain_text(fact)
    desk.get_by_role("button", name="我来接").click()
    reply(desk, "我查一下。")
    expect(chat.locator("[data-log]")).to_contain_text("我查一下。")
    assert [one for one in visitor.context.cookies() if one["name"].startswith("kefu")] == []
    assert frame_of(visitor).evaluate("document.cookie") == ""


def test_who_signs_out_of_the_exchange_is_nobody_in_its_support(visitor: Page, website: str) -> None:
    sign_in(visitor, website, "bohan")
    is_known(visitor)
    chat = chat_in(visitor)
    ref = ask(chat, "我的问题只给我看")
    chat.locator("[data-close]").click()

    visitor.locator("form[action$=sign-out] button").click()
    expect(visitor.locator("button[value=james]")).to_be_visible()
    # The page's own script gives its buttons their meaning.
    visitor.wait_for_load_state()
    chat = chat_in(visitor)

    expect(chat.locator("[data-view=topics]")).to_be_visible()
    expect(chat.locator("[data-topic=account]")).to_be_visible()
    expect(chat.locator("body")).not_to_contain_text("我的问题只给我看")
    assert ref not in chat.locator("body").inner_html()


def test_what_stands_in_an_account_is_told_to_its_owner_and_to_nobody_else(
    windows: Visitors, visitor: Page, website: str
) -> None:
    stranger = windows.open()
    trace(stranger, HELD)
    expect(stranger.locator("#answer")).to_contain_text("链上已确认完成")
    expect(stranger.locator("#answer")).not_to_contain_text("R09")

    sign_in(visitor, website, "xiaomei")
    is_known(visitor)
    chat = chat_in(visitor)
    with visitor.context.expect_page() as opened:
        # Another story may have left an open conversation, behind which the tools are.
        chat.locator("a[data-tool=deposit]").dispatch_event("click")
    owner = opened.value
    owner.wait_for_url("**/zh-hans/tools/deposit/")
    trace(owner, HELD)

    expect(owner.locator("#answer")).to_contain_text("已到，正在核实（R09）")
    expect(owner.locator("#answer")).to_contain_text("提币记录的截图")
    assert axe(owner) == []


def trace(window: Page, deposit: dict[str, str]) -> None:
    window.goto("/zh-hans/tools/deposit/")
    window.select_option("#coin", deposit["coin"])
    window.select_option("#network", deposit["network"])
    window.locator("#txid").fill(deposit["txid"])
    window.get_by_role("button", name="查一下").click()


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
