"""Known on the platform, known in the chat inside its pages, without a cookie; and forgotten on signing out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from kefu.demo.host.people import User
from kefu.demo.host.signing import Signer
from tests.journeys.embed.visiting import LAUNCHER, Visitors, ask, come_back, frame_of, hear, inside, opened
from tests.journeys.people import open_row, reply
from tests.product import Product

pytestmark = pytest.mark.journey


def identify(page: Page, product: Product, user: str, name: str = "顾念真") -> None:
    """As the host's own script does, with a token that the demo exchange's backend signs."""
    token = Signer(product.data / "keys").token(User("guest", user, name, "zh-Hans"))
    page.evaluate("(token) => { told.length = 0; Kefu.identify(token); }", token)
    assert hear(page, "identified", "refused") == "identified"


def keys_in(page: Page) -> list[str]:
    return frame_of(page).evaluate("Object.keys(localStorage)")  # type: ignore[no-any-return]


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
    assert keys_in(page) == []

    identify(page, product, "user-820005")
    expect(chat.locator("[data-view=topics]")).to_be_visible()
    assert "只有我自己能看" not in chat.locator("body").inner_html()
    identify(page, product, "user-820004")
    expect(chat.locator("[data-log]")).to_contain_text("只有我自己能看")


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
