"""Known on the platform, known in the chat inside its pages, without a cookie; and forgotten on signing out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import people
from tests.journeys.embed.hosts import HostPage
from tests.journeys.embed.visiting import (
    LAUNCHER,
    REFUSES_STORAGE,
    Visitors,
    ask,
    come_back,
    forgets_all,
    hear,
    identify,
    inside,
    opened,
)
from tests.journeys.people import open_row, reply
from tests.product import Product

pytestmark = pytest.mark.journey


def test_who_asked_before_signing_in_is_the_same_person_after(windows: Visitors, product: Product) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    chat = opened(page)
    ref = ask(chat, "登录前先问一句")

    identify(page, product, "user-820001")
    expect(chat.locator("[data-log]")).to_contain_text("登录前先问一句")
    open_row(desk, ref)
    expect(desk.locator("[data-context]")).to_contain_text("顾念真")
    reply(desk, "看到了，你是老用户。")
    expect(chat.locator("[data-log]")).to_contain_text("你是老用户")

    elsewhere = windows.visit(phone=True)
    identify(elsewhere, product, "user-820001")
    elsewhere.locator(LAUNCHER).click()
    expect(inside(elsewhere).locator("[data-log]")).to_contain_text("你是老用户")
    assert page.context.cookies() == elsewhere.context.cookies() == []


def test_what_is_being_written_survives_being_known(windows: Visitors, product: Product) -> None:
    page = windows.visit()
    chat = opened(page)
    chat.locator("[data-topic=account]").click()
    chat.locator("#chat-question").fill("写到一半的问题")

    identify(page, product, "user-820002")

    expect(chat.locator("#chat-question")).to_have_value("写到一半的问题")


def test_the_next_page_says_it_again_and_costs_nothing(windows: Visitors, product: Product) -> None:
    page = windows.visit()
    identify(page, product, "user-820003")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    come_back(page)
    identify(page, product, "user-820003")

    assert any("/chat/frame/" in url for url in asked)
    assert not [url for url in asked if "/identity/" in url]


def test_signing_out_forgets_and_the_next_one_is_somebody_else(windows: Visitors, product: Product) -> None:
    page = windows.visit()
    identify(page, product, "user-820004")
    chat = opened(page)
    ask(chat, "只有我自己能看")

    page.evaluate("Kefu.identify(null)")
    expect(chat.locator("[data-view=topics]")).to_be_visible()
    forgets_all(page)

    identify(page, product, "user-820005")
    expect(chat.locator("[data-view=topics]")).to_be_visible()
    assert "只有我自己能看" not in chat.locator("body").inner_html()
    identify(page, product, "user-820004")
    expect(chat.locator("[data-log]")).to_contain_text("只有我自己能看")


def test_who_is_forgotten_on_a_page_of_ours_is_forgotten_in_a_frame_on_the_same_site(
    windows: Visitors, product: Product
) -> None:
    near = HostPage(product.url, address="localhost")
    product.run("brand", "origins", "xinghai", "--allow", near.url)
    windows.host = near
    windows.near.add(near.url)
    page = windows.visit()
    chat = opened(page)
    chat.locator("[data-topic=account]").click()
    chat.locator("#chat-question").fill("写到一半的问题")
    ours = page.context.new_page()
    people.ask(ours, "在网站上问的")

    ours.goto("/zh-hans/cases/")
    ours.get_by_role("button", name="在这台设备上忘掉我").click()

    expect(chat.locator("[data-view=topics]")).to_be_visible()
    expect(chat.locator("#chat-question")).to_have_value("")
    near.close()


def test_another_user_without_signing_out_takes_nothing_over(windows: Visitors, product: Product) -> None:
    page = windows.visit()
    identify(page, product, "user-820006")
    chat = opened(page)
    ask(chat, "上一位用户的话")
    chat.locator("#chat-message").fill("还没发出去的话")

    identify(page, product, "user-820007")

    expect(chat.locator("[data-view=topics]")).to_be_visible()
    boxes = chat.locator("textarea").evaluate_all("all => all.map((box) => box.value)")
    assert not any(boxes), boxes
    assert "上一位用户的话" not in chat.locator("body").inner_html()


def test_a_token_that_proves_nothing_is_refused_and_the_visitor_goes_on(windows: Visitors) -> None:
    page = windows.visit()
    chat = opened(page)
    ask(chat, "我是访客")

    page.evaluate("Kefu.identify('no.token.atall')")

    hear(page, "refused")
    expect(chat.locator("[data-log]")).to_contain_text("我是访客")
    windows.forgive("401")


@pytest.mark.parametrize("browser", [REFUSES_STORAGE], indirect=True)
def test_what_was_seen_is_not_counted_again_where_the_browser_keeps_nothing(
    windows: Visitors, product: Product
) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    identify(page, product, "user-820010")
    chat = opened(page)
    ref = ask(chat, "先看第一句")
    open_row(desk, ref)
    reply(desk, "这句看到了。")
    expect(desk.locator("[data-thread] .message.mine")).to_contain_text("已读")
    page.evaluate("Kefu.close()")
    reply(desk, "这句还没看到。")
    expect(page.locator("kefu-chat .badge")).to_have_text("1")

    come_back(page)
    identify(page, product, "user-820010")

    expect(page.locator("kefu-chat .badge")).to_have_text("1")


@pytest.mark.parametrize("browser", [REFUSES_STORAGE], indirect=True)
def test_without_storage_a_user_is_known_by_the_page_and_the_next_one_told_apart(
    windows: Visitors, product: Product
) -> None:
    page = windows.visit()
    identify(page, product, "user-820008")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/identity/" in request.url else None)
    identify(page, product, "user-820008")
    assert asked == []

    chat = opened(page)
    expect(chat.locator("[data-unkept]")).to_contain_text("没发出去的话就没有了")
    expect(chat.locator("[data-of=guests]")).to_be_hidden()
    ask(chat, "浏览器什么都不保存")
    chat.locator("#chat-message").fill("写到一半")
    identify(page, product, "user-820009")

    expect(chat.locator("[data-view=topics]")).to_be_visible()
    assert not any(chat.locator("textarea").evaluate_all("all => all.map((box) => box.value)"))
    assert "浏览器什么都不保存" not in chat.locator("body").inner_html()
