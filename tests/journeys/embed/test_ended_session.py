"""A user's session has ended while the host's page stands open: the platform is asked before anybody is taken for a guest."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from kefu.safety.tests.files import picture
from tests.journeys.embed.hosts import HostPage
from tests.journeys.embed.visiting import (
    KEEPS_STORAGE,
    REFUSES_STORAGE,
    OnTheirWay,
    Visitors,
    another_tab,
    ask,
    come_back,
    end_sessions,
    exchanges,
    frame_of,
    hear,
    identify,
    inside,
    is_sound,
    opened,
    token_for,
    told,
    wait_until,
)
from tests.journeys.people import open_row, reply
from tests.product import Product

pytestmark = pytest.mark.journey
WINDOW, IDENTITY = "**/chat/frame/window/**", "**/chat/identity/"
LAST_SESSION = "CustomerSession.objects.latest('pk').customer"


def end_last_session(product: Product) -> None:
    """Of somebody who has not asked anything yet."""
    product.django(
        "from kefu.accounts.actions import end_sessions\n"
        "from kefu.accounts.models import CustomerSession\n"
        f"end_sessions(customer={LAST_SESSION})"
    )


def brings_tokens(page: Page, product: Product, user: str) -> list[str]:
    """From now on the host fetches a new token whenever the chat asks for one; each that it fetched."""
    brought: list[str] = []

    def fresh() -> str:
        brought.append(token_for(product, user))
        return brought[-1]

    page.expose_function("freshToken", fresh)
    page.evaluate("void Kefu.on('ended', async () => Kefu.identify(await freshToken()))")
    return brought


def open_with_spare(page: Page, product: Product, user: str) -> None:
    """Known, with a token of the host that was not needed."""
    identify(page, product, user)
    identify(page, product, user)


def test_a_conversation_goes_on_with_the_hosts_new_token(windows: Visitors, product: Product) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    identify(page, product, "user-850001")
    chat = opened(page)
    ref = ask(chat, "提现还没到账")
    open_row(desk, ref)
    brought = brings_tokens(page, product, "user-850001")
    chat.locator("#chat-message").fill("写到一半的话")
    chat.locator("#chat-message").focus()

    end_sessions(product, ref)
    wait_until(page, lambda: len(brought) == 1)
    hear(page, "identified")
    reply(desk, "还在吗？")

    expect(chat.locator("[data-log]")).to_contain_text("还在吗？")
    expect(chat.locator("[data-strip]:visible")).to_have_count(0)
    expect(chat.locator("#chat-message")).to_have_value("写到一半的话")
    expect(chat.locator("#chat-message")).to_be_focused()
    chat.locator("[data-composer] button[type=submit]").click()
    expect(desk.locator("[data-thread]")).to_contain_text("写到一半的话")
    assert len(brought) == 1


def test_the_token_that_was_not_needed_is_used_before_the_host_is_asked(
    windows: Visitors, product: Product
) -> None:
    page = windows.visit()
    open_with_spare(page, product, "user-850002")
    chat = opened(page)
    ref = ask(chat, "先问一句")
    page.evaluate("void Kefu.on('ended', () => told.push(['ended']))")
    asked = exchanges(page)

    end_sessions(product, ref)
    wait_until(page, lambda: len(asked) == 1)
    chat.locator("#chat-message").fill("还是我")
    chat.locator("[data-composer] button[type=submit]").click()

    expect(chat.locator("[data-log] .message.mine:not(.unsent)")).to_have_count(2)
    assert ["ended"] not in told(page)


@pytest.mark.parametrize(
    ("browser", "user"),
    [(KEEPS_STORAGE, "user-850003"), (REFUSES_STORAGE, "user-850010")],
    indirect=["browser"],
)
def test_a_first_question_is_asked_once_as_the_user_and_not_as_a_guest(
    windows: Visitors, product: Product, user: str
) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    identify(page, product, user)
    chat = opened(page)
    brought = brings_tokens(page, product, user)
    end_last_session(product)

    ref = ask(chat, "会话结束以后才问的")

    open_row(desk, ref)
    expect(desk.locator("[data-context] .identity")).to_have_text("由平台担保")
    expect(chat.locator("[data-view=question]")).to_be_hidden()
    assert len(brought) == 1
    windows.forgive("401")


def test_who_is_not_vouched_for_any_more_is_told_and_chooses_to_be_a_guest(
    windows: Visitors, product: Product
) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    identify(page, product, "user-850004")
    chat = opened(page)
    ref = ask(chat, "这是登录时问的")
    end_sessions(product, ref)
    strip = chat.locator("[data-strip=unvouched]")
    expect(strip).to_contain_text("你的登录已失效")
    expect(chat.locator("[data-strip]:visible")).to_have_count(1)
    is_sound(page)
    chat.locator("#chat-message").fill("这句没发出去")
    chat.locator("[data-composer] button[type=submit]").click()
    expect(chat.locator("[data-log] .message.unsent")).to_contain_text("未发出")
    # It is not the network that it waits for.
    expect(chat.locator("[data-chat]")).not_to_contain_text("等待网络")
    chat.locator("#chat-message").fill("这句还在框里")

    strip.get_by_role("button", name="以访客身份继续").click()

    expect(chat.locator("#chat-question")).to_have_value("这句没发出去\n\n这句还在框里")
    expect(chat.locator("[data-topic-shown]")).to_have_text("账户与资产")
    assert "这是登录时问的" not in chat.locator("body").inner_html()
    chat.locator("[data-view=question] [data-send]").click()
    expect(chat.locator("[data-log] .message.mine:not(.unsent)")).to_have_count(1)
    guests = str(chat.locator("[data-chat]").get_attribute("data-ref"))
    assert guests != ref
    open_row(desk, guests)
    expect(desk.locator("[data-context] .identity")).not_to_have_text("由平台担保")


def test_a_question_that_can_not_be_asked_as_the_user_stays_in_its_box(
    windows: Visitors, product: Product
) -> None:
    page = windows.visit()
    identify(page, product, "user-850005")
    chat = opened(page)
    end_last_session(product)
    chat.locator("[data-topic=account]").click()
    chat.locator("#chat-question").fill("这个问题只想以本人身份问")
    chat.locator("[data-view=question] [data-send]").click()

    expect(chat.locator("[data-strip=unvouched]")).to_be_visible()
    expect(chat.locator("#chat-question")).to_have_value("这个问题只想以本人身份问")
    expect(chat.locator("[data-kept], [data-problem]").locator("visible=true")).to_have_count(0)
    expect(chat.locator("[data-view=question] [data-send]")).to_be_enabled()

    # The host signs them in again, and it goes by itself.
    identify(page, product, "user-850005")
    expect(chat.locator("[data-log]")).to_contain_text("这个问题只想以本人身份问")
    expect(chat.locator("[data-strip]:visible")).to_have_count(0)
    windows.forgive("401")


def test_who_signed_out_in_another_tab_is_not_brought_back(
    windows: Visitors, host: HostPage, product: Product
) -> None:
    page = windows.visit()
    open_with_spare(page, product, "user-850006")
    chat = opened(page)
    ask(chat, "两个标签页里都开着")
    tab = another_tab(page, host)
    identify(tab, product, "user-850006")
    asked = exchanges(page)

    tab.evaluate("Kefu.identify(null)")

    expect(chat.locator("[data-view=topics]")).to_be_visible()
    expect(chat.locator("[data-strip]:visible")).to_have_count(0)
    ask(chat, "现在是访客")
    assert asked == []
    assert frame_of(page).evaluate("JSON.parse(localStorage.getItem('kefu-session')).user") == ""


def test_a_server_that_can_not_be_reached_makes_nobody_a_guest(windows: Visitors, product: Product) -> None:
    page = windows.visit()
    open_with_spare(page, product, "user-850007")
    chat = opened(page)
    ref = ask(chat, "忙的时候也不要变成访客")
    asked = exchanges(page)
    page.route(IDENTITY, lambda route: route.fulfill(status=429, json={"code": "too_many"}))

    end_sessions(product, ref)
    wait_until(page, lambda: len(asked) == 2)
    expect(chat.locator("[data-strip=renewing]")).to_be_visible()
    page.unroute(IDENTITY)

    expect(chat.locator("[data-strip]:visible")).to_have_count(0)
    chat.locator("#chat-message").fill("又连上了")
    chat.locator("[data-composer] button[type=submit]").click()
    expect(chat.locator("[data-log] .message.mine:not(.unsent)")).to_have_count(2)
    windows.forgive("429")


def test_on_a_new_page_a_guest_is_told_that_they_were_known(windows: Visitors, product: Product) -> None:
    page = windows.visit()
    identify(page, product, "user-850008")
    chat = opened(page)
    ref = ask(chat, "昨天登录时问的")
    page.evaluate("Kefu.close()")
    chat.locator("#chat-message").evaluate("(box) => (box.value = '刷新前写的')")
    page.goto("about:blank")
    end_sessions(product, ref)

    page.goto(windows.host.url)
    chat = opened(page)

    expect(chat.locator("[data-strip=unknown]")).to_be_visible()
    expect(chat.locator("[data-view=topics]")).to_be_visible()
    expect(chat.locator("#chat-question")).to_have_value("刷新前写的")
    assert "昨天登录时问的" not in chat.locator("body").inner_html()
    ask(chat, "那就以访客身份问")
    expect(chat.locator("[data-strip]:visible")).to_have_count(0)
    come_back(page)
    expect(inside(page).locator("[data-log]")).to_contain_text("那就以访客身份问")
    windows.forgive("401")


def test_files_on_their_way_go_on_with_the_new_session(windows: Visitors, product: Product) -> None:
    page = windows.visit()
    identify(page, product, "user-850009")
    chat = opened(page)
    ref = ask(chat, "附上截图")
    brings_tokens(page, product, "user-850009")
    pieces = "**/files/*/"
    page.route(pieces, lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    chat.locator("[data-composer] [data-files]").set_input_files(
        {"name": "shot.png", "mimeType": "image/png", "buffer": picture()}
    )
    chat.locator("#chat-message").fill("就是这一笔")
    chat.locator("[data-composer] button[type=submit]").click()
    expect(chat.locator("[data-composer] [data-tray-waits]")).to_be_visible()

    told_again = len(told(page))
    end_sessions(product, ref)
    wait_until(page, lambda: ["identified"] in told(page)[told_again:])
    page.unroute(pieces)

    expect(chat.locator("[data-log] .message.mine:not(.unsent)")).to_have_count(2)
    expect(chat.locator("[data-log]")).to_contain_text("就是这一笔")
    expect(chat.locator("[data-composer] .tray-item")).to_have_count(0)
    windows.forgive("ERR_FAILED|404|403")


def test_a_guest_who_asks_again_finds_what_was_not_sent(windows: Visitors, product: Product) -> None:
    page = windows.visit()
    chat = opened(page)
    ref = ask(chat, "访客的第一个问题")
    end_sessions(product, ref)
    expect(chat.locator("[data-strip=signed_out]")).to_be_visible()
    chat.locator("#chat-message").fill("这句没发出去")
    chat.locator("[data-composer] button[type=submit]").click()
    chat.locator("#chat-message").fill("这句还在框里")

    chat.locator("[data-strip=signed_out] a").click()

    expect(chat.locator("#chat-question")).to_have_value("这句没发出去\n\n这句还在框里")
    expect(chat.locator("#chat-question")).to_be_focused()
    chat.locator("[data-view=question] [data-send]").click()
    expect(chat.locator("[data-log] .message.mine:not(.unsent)")).to_have_count(1)
    assert chat.locator("[data-chat]").get_attribute("data-ref") != ref
    windows.forgive("401")


def test_who_signs_in_again_and_loads_the_page_finds_what_was_half_written(
    windows: Visitors, product: Product
) -> None:
    page = windows.visit()
    identify(page, product, "user-850011")
    chat = opened(page)
    end_sessions(product, ask(chat, "登录过期之前问的"))
    expect(chat.locator("[data-strip=unvouched]")).to_be_visible()
    chat.locator("#chat-message").fill("登录过期以后写的")

    come_back(page)
    identify(page, product, "user-850011")

    expect(inside(page).locator("[data-log]")).to_contain_text("登录过期之前问的")
    expect(inside(page).locator("#chat-message")).to_have_value("登录过期以后写的")
    expect(inside(page).locator("[data-strip]:visible")).to_have_count(0)
    windows.forgive("401")


def test_a_host_that_answers_late_brings_back_what_was_half_written(
    windows: Visitors, product: Product
) -> None:
    page = windows.visit()
    identify(page, product, "user-850012")
    chat = opened(page)
    end_sessions(product, ask(chat, "平台很慢的时候问的"))
    expect(chat.locator("[data-strip=unvouched]")).to_be_visible()
    chat.locator("#chat-message").fill("平台很慢的时候写的")
    refusals = OnTheirWay(page, WINDOW, most=1)
    exchanged = OnTheirWay(page, IDENTITY)
    page.clock.install()

    come_back(page)
    refusals.wait_for(1)
    brings_tokens(page, product, "user-850012")
    refusals.let_go(0)
    exchanged.wait_for(1)
    page.clock.fast_forward("00:11")
    exchanged.let_go(0)

    expect(inside(page).locator("[data-log]")).to_contain_text("平台很慢的时候问的")
    expect(inside(page).locator("#chat-message")).to_have_value("平台很慢的时候写的")
    expect(inside(page).locator("[data-strip]:visible")).to_have_count(0)
    windows.forgive("401")
