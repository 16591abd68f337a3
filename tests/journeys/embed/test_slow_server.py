"""The chat in somebody else's page while the server is slow: the host is heard, and only the newest word counts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.embed.hosts import HostPage
from tests.journeys.embed.visiting import (
    LAUNCHER,
    OnTheirWay,
    Visitors,
    another_tab,
    ask,
    come_back,
    end_sessions,
    exchanges,
    follow_link,
    forgets_all,
    frame_of,
    hear,
    identify,
    inside,
    is_sound,
    opened,
    say_who,
    told,
    wait_until,
)
from tests.journeys.people import open_row
from tests.product import Product

pytestmark = pytest.mark.journey
WINDOW, OPEN, IDENTITY = "**/chat/frame/window/**", "**/chat/open/", "**/chat/identity/"


class Overloaded:
    """No window is given out until the story says so."""

    def __init__(self, page: Page, status: int = 503) -> None:
        self.page = page
        page.route(WINDOW, lambda route: route.fulfill(status=status, json={"code": "too_many"}))

    def recover(self) -> None:
        self.page.unroute(WINDOW)


def test_what_the_host_says_before_there_is_a_window_is_done_afterwards(
    windows: Visitors, product: Product
) -> None:
    page = windows.visit()
    identify(page, product, "user-840001")
    come_back(page)
    server = Overloaded(page)

    page.evaluate("Kefu.open()")
    hear(page, "ready")
    chat = inside(page)
    expect(chat.locator("[data-on-its-way]")).to_contain_text("暂时连不上客服")
    page.evaluate("Kefu.topic('account')")
    identify(page, product, "user-840002", "沈知夏")
    server.recover()

    expect(chat.locator("#chat-question")).to_be_focused()
    expect(chat.locator("[data-topic-shown]")).to_have_text("账户与资产")
    expect(chat.locator("[data-on-its-way]")).to_be_hidden()
    chat.locator("#chat-question").fill("等了一会儿才打开")
    chat.locator("[data-view=question] [data-send]").click()
    expect(chat.locator("[data-log]")).to_contain_text("等了一会儿才打开")
    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, str(chat.locator("[data-chat]").get_attribute("data-ref")))
    expect(desk.locator("[data-context]")).to_contain_text("沈知夏")
    windows.forgive("503")


def test_a_window_that_does_not_come_can_be_put_away_on_a_phone(windows: Visitors, product: Product) -> None:
    page = windows.visit(phone=True)
    identify(page, product, "user-840003")
    come_back(page)
    Overloaded(page, 429)

    page.locator(LAUNCHER).click()
    expect(inside(page).locator("[data-on-its-way]")).to_contain_text("暂时连不上客服")
    is_sound(page)
    inside(page).get_by_role("button", name="收起窗口").click()

    expect(page.locator("kefu-chat dialog")).to_be_hidden()
    windows.forgive("429")


def test_who_signs_out_is_gone_at_once_however_slow_the_server_is(
    windows: Visitors, product: Product
) -> None:
    page = windows.visit()
    identify(page, product, "user-840004")
    chat = opened(page)
    ask(chat, "退出以后谁也看不到")
    Overloaded(page)
    leaving = OnTheirWay(page, "**/chat/leave/")

    page.evaluate("Kefu.identify(null)")

    expect(chat.locator("[data-view=topics]")).to_be_visible()
    assert "退出以后谁也看不到" not in chat.locator("body").inner_html()
    leaving.wait_for(1)
    forgets_all(page)
    leaving.let_go(0)


def test_only_the_newest_window_takes_its_place(windows: Visitors, product: Product) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    identify(page, product, "user-840005")
    chat = opened(page)
    open_row(desk, ask(chat, "这是第一位用户的会话"))
    desk.locator("[data-resolve]").click()
    expect(chat.locator("[data-strip=resolved]")).to_be_visible()
    given = OnTheirWay(page, WINDOW)
    chat.locator("[data-strip=resolved] [data-anew]").click()
    given.wait_for(1)

    say_who(page, product, "user-840006")
    given.wait_for(2)
    given.let_go(1)
    expect(chat.locator("[data-view=topics]")).to_be_visible()
    given.let_go(0)

    # Asked and answered after the old window came.
    identify(page, product, "user-840006")
    expect(chat.locator("[data-view=topics]")).to_be_visible()
    assert chat.locator("a[href*='conversation=']").count() == 0


def test_the_end_of_an_old_session_does_not_end_the_new_one(windows: Visitors, product: Product) -> None:
    page = windows.visit()
    identify(page, product, "user-840007")
    end_sessions(product, ask(opened(page), "昨天的登录"))
    expect(inside(page).locator("[data-strip=unvouched]")).to_be_visible()
    given = OnTheirWay(page, WINDOW)
    follow_link(page, "new=1")
    given.wait_for(1)

    say_who(page, product, "user-840017")
    given.wait_for(2)
    given.let_go(0)
    given.let_go(1)

    expect(inside(page).locator("[data-view=topics]")).to_be_visible()
    asked = exchanges(page)
    identify(page, product, "user-840017")
    assert asked == []
    windows.forgive("401")


def test_a_user_whose_session_has_ended_is_known_again_by_what_the_host_said(
    windows: Visitors, product: Product
) -> None:
    page = windows.visit()
    identify(page, product, "user-840018")
    end_sessions(product, ask(opened(page), "换了设备也要看到"))
    given = OnTheirWay(page, WINDOW, most=1)
    asked = exchanges(page)
    come_back(page)
    given.wait_for(1)
    identify(page, product, "user-840018")
    assert asked == []

    given.let_go(0)

    expect(inside(page).locator("[data-log]")).to_contain_text("换了设备也要看到")
    assert len(asked) == 1
    windows.forgive("401")


def test_what_is_sent_while_another_user_comes_in_is_not_said_in_their_name(
    windows: Visitors, product: Product
) -> None:
    page = windows.visit()
    identify(page, product, "user-840008")
    chat = opened(page)
    said: list[str] = []
    page.on("request", lambda request: said.append(request.url) if "/chat/open/" in request.url else None)
    answers = OnTheirWay(page, IDENTITY)
    say_who(page, product, "user-840009")
    answers.wait_for(1)

    chat.locator("[data-topic=account]").click()
    chat.locator("#chat-question").fill("这是上一位用户的问题")
    chat.locator("[data-view=question] [data-send]").click()
    answers.let_go(0)

    assert hear(page, "identified", "refused") == "identified"
    expect(chat.locator("[data-view=topics]")).to_be_visible()
    ask(chat, "我是新来的")
    assert len(said) == 1
    expect(chat.locator("[data-log]")).not_to_contain_text("上一位用户")


def test_what_is_asked_while_the_window_of_a_user_is_on_its_way_stays_there(
    windows: Visitors, product: Product
) -> None:
    page = windows.visit()
    chat = opened(page)
    given = OnTheirWay(page, WINDOW, most=1)
    identify(page, product, "user-840011")
    given.wait_for(1)

    ref = ask(chat, "等不及窗口就先问了")
    chat.locator("#chat-message").fill("还有一句")
    given.let_go(0)
    # Asked and answered after the window came that knows nothing of the question.
    identify(page, product, "user-840011")

    expect(chat.locator("[data-chat]")).to_have_attribute("data-ref", ref)
    expect(chat.locator("[data-log]")).to_contain_text("等不及窗口就先问了")
    expect(chat.locator("#chat-message")).to_have_value("还有一句")


def test_another_tab_follows_and_its_old_answers_change_nothing(
    windows: Visitors, host: HostPage, product: Product
) -> None:
    page = windows.visit()
    tab = another_tab(page, host)
    chat = opened(tab)
    answers = OnTheirWay(tab, OPEN, most=1)
    chat.locator("[data-topic=account]").click()
    chat.locator("#chat-question").fill("登录前问的")
    chat.locator("[data-view=question] [data-send]").click()
    answers.wait_for(1)

    identify(page, product, "user-840010")
    kept = "JSON.parse(localStorage.getItem('kefu-session'))?.user?.length > 0"
    wait_until(tab, lambda: bool(frame_of(tab).evaluate(kept)))
    answers.let_go(0)

    asked = exchanges(tab)
    identify(tab, product, "user-840010")
    assert asked == []
    assert frame_of(tab).evaluate(kept)
    assert ["refused"] not in told(tab)
