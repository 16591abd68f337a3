"""The chat inside somebody else's page: two real origins, third-party cookies blocked, the host's own policy strict."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import assert_sound
from tests.journeys.embed.hosts import HostPage
from tests.journeys.embed.visiting import (
    LAUNCHER,
    REFUSES_STORAGE,
    Visitors,
    another_tab,
    ask,
    come_back,
    frame_of,
    hear,
    inside,
    is_sound,
    opened,
    told,
    wait_until,
)
from tests.journeys.people import open_row, reply, row
from tests.product import Product

pytestmark = pytest.mark.journey
IFRAME = "document.querySelector('kefu-chat').shadowRoot.querySelector('iframe')"
TITLE_OF = "try { return frame.document.title; } catch (error) { return error.name; }"
# In a busy browser a frame may be gone before it is told.
HEARS_NOTHING = """for (const name of ["pagehide", "visibilitychange"])
    addEventListener(name, (event) => event.stopImmediatePropagation(), { capture: true });"""
# What the browser says of a frame that it does not show, and of a greeting that therefore reaches nobody.
REFUSAL = "frame-ancestors|postMessage|ERR_BLOCKED|ERR_FAILED|chrome-error"


def test_a_question_on_the_hosts_page_is_answered_there(windows: Visitors) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    chat = opened(page)
    ref = ask(chat, "充的币还没到账，在你们首页问")
    expect(row(desk, ref)).to_contain_text("在你们首页问")
    page.locator(LAUNCHER).click()
    expect(page.locator("kefu-chat dialog")).to_be_hidden()

    open_row(desk, ref)
    reply(desk, "你好，我在看这笔充值。")

    expect(page.locator("kefu-chat .badge")).to_have_text("1")
    expect(page.locator(LAUNCHER)).to_have_accessible_name("在线客服 · 1 条新消息")
    page.locator(LAUNCHER).click()
    expect(chat.locator("[data-log]")).to_contain_text("我在看这笔充值")
    expect(desk.locator("[data-thread] .message.mine")).to_contain_text("已读")
    expect(page.locator("kefu-chat .badge")).to_be_hidden()
    # The host is told a moment after the button has changed.
    wait_until(page, lambda: ["unread", 0] in told(page))
    names = [name for name, *_ in told(page)]
    assert names[:2] == ["opened", "ready"]
    assert {"unread", "message", "closed"} <= set(names)
    assert sorted({count for name, *values in told(page) if name == "unread" for count in values}) == [0, 1]

    come_back(page)
    expect(inside(page).locator("[data-log]")).to_contain_text("我在看这笔充值")
    assert (
        frame_of(page).evaluate("document.cookie = 'probe=1; SameSite=None; Secure', document.cookie") == ""
    )
    assert page.context.cookies() == []


def test_what_waits_is_counted_on_the_next_page_too(windows: Visitors) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    ref = ask(opened(page), "我先去交易，等会儿看")
    page.evaluate("Kefu.close()")
    open_row(desk, ref)

    page.reload()
    reply(desk, "查到了，已入账。")

    expect(page.locator("kefu-chat .badge")).to_have_text("1")


def test_a_guests_tabs_share_a_socket(windows: Visitors, host: HostPage) -> None:
    page = windows.visit()
    of_their_own: list[str] = []

    def listen(tab: Page) -> None:
        tab.on("websocket", lambda socket: of_their_own.append(socket.url))

    listen(page)
    page.context.on("page", listen)
    chat = opened(page)
    ask(chat, "我在两个标签页里都开着")
    there = opened(another_tab(page, host))
    expect(there.locator("[data-log]")).to_contain_text("我在两个标签页里都开着")

    there.locator("#chat-message").fill("第二个标签页里说的")
    there.locator("#chat-message").press("Enter")

    expect(chat.locator("[data-log]")).to_contain_text("第二个标签页里说的")
    expect(there.locator(".message.unsent")).to_have_count(0)
    assert of_their_own == []


def test_an_origin_that_is_not_allowed_sees_nothing(windows: Visitors, product: Product) -> None:
    stranger = HostPage(product.url)
    windows.host = stranger
    windows.near.add(stranger.url)
    page = windows.visit()

    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.locator(LAUNCHER).click()

    assert not any("/chat/frame/" in frame.url for frame in page.frames)
    assert told(page) == [["opened"]]
    stranger.close()
    windows.forgive(REFUSAL)


def test_what_can_not_be_shown_offers_a_window_of_its_own(windows: Visitors, host: HostPage) -> None:
    page = windows.open()
    page.clock.install()
    page.goto(host.url)
    page.route("**/chat/frame/**", lambda route: route.abort())
    page.evaluate("Kefu.open()")

    page.clock.fast_forward(20_000)

    away = page.locator("kefu-chat a")
    expect(away).to_be_visible()
    expect(away).to_have_attribute("href", f"{windows.product.url}/zh-hans/chat/")
    windows.forgive(REFUSAL)


def test_neither_page_reads_the_other(windows: Visitors, product: Product) -> None:
    page = windows.visit()
    chat = opened(page)
    ask(chat, "只给客服看的话")
    frame = frame_of(page)

    from_host = page.evaluate(f"() => {{ const frame = {IFRAME}.contentWindow; {TITLE_OF} }}")
    from_frame = frame.evaluate(f"() => {{ const frame = parent; {TITLE_OF} }}")

    assert (from_host, from_frame) == ("SecurityError", "SecurityError")
    heard = page.evaluate("JSON.stringify(told)")
    assert "只给客服看的话" not in heard
    assert str(chat.locator("[data-chat]").get_attribute("data-ref")) not in heard


def test_a_message_from_another_window_or_origin_changes_nothing(windows: Visitors) -> None:
    page = windows.visit()
    chat = opened(page)
    frame = frame_of(page)

    page.evaluate("postMessage({ kefu: 1, type: 'unread', count: 77 }, '*')")
    frame.evaluate("postMessage({ kefu: 1, type: 'identify', token: null }, '*')")
    frame.evaluate("parent.postMessage({ kefu: 1, type: 'unread', count: '<b>' }, '*')")
    frame.evaluate("parent.postMessage({ kefu: 1, type: 'constructor' }, '*')")
    frame.evaluate("parent.postMessage({ kefu: 1, type: 'message' }, '*')")

    hear(page, "message")
    assert not [one for one in told(page) if one[0] == "unread"]
    expect(chat.locator("[data-view=topics]")).to_be_visible()


def test_focus_goes_in_and_comes_back(windows: Visitors) -> None:
    page = windows.visit()
    page.locator(LAUNCHER).focus()

    page.keyboard.press("Enter")
    chat = inside(page)
    expect(chat.locator("[data-title]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(page.locator("kefu-chat dialog")).to_be_hidden()
    expect(page.locator(LAUNCHER)).to_be_focused()
    page.locator("#own").focus()
    page.evaluate("Kefu.open()")
    expect(chat.locator("[data-title]")).to_be_focused()
    chat.locator("[data-close]").click()
    expect(page.locator("#own")).to_be_focused()


def test_on_a_phone_it_fills_the_screen(windows: Visitors, host: HostPage) -> None:
    host.lines, host.language, host.attributes = 200, "zh-TW", 'data-theme="dark"'
    page = windows.visit(phone=True, locale="zh-TW", zone="Asia/Taipei")
    chat = opened(page)

    # It rises into its place.
    whole = {"x": 0, "y": 0, "width": 390, "height": 844}
    wait_until(page, lambda: page.locator("kefu-chat iframe").bounding_box() == whole)
    expect(chat.locator("html")).to_have_attribute("data-theme", "dark")
    expect(chat.locator("[data-view=topics]")).to_contain_text("帳戶與資產")
    assert page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    chat.locator("[data-close]").click()
    expect(page.locator("kefu-chat dialog")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).overflow") != "hidden"


def test_the_host_may_name_the_topic_and_bring_its_own_button(windows: Visitors, host: HostPage) -> None:
    host.attributes = 'data-launcher="none" data-topic="trading" data-language="en"'
    page = windows.visit()
    expect(page.locator(LAUNCHER)).to_be_hidden()

    page.evaluate("Kefu.open()")
    expect(inside(page).locator("[data-topic-shown]")).to_have_text("Markets and how to trade")
    page.evaluate("Kefu.close()")
    come_back(page)
    page.evaluate("Kefu.topic('account'), Kefu.open()")

    expect(inside(page).locator("[data-view=question]")).to_be_visible()


@pytest.mark.parametrize("browser", [REFUSES_STORAGE], indirect=True)
def test_without_storage_it_lasts_as_long_as_the_page_and_offers_a_window(windows: Visitors) -> None:
    page = windows.visit()
    chat = opened(page)
    expect(chat.locator("[data-unkept]")).to_contain_text("这里就看不到这次会话了")
    expect(chat.locator("[data-of=users]")).to_be_hidden()
    ref = ask(chat, "我的浏览器什么都不保存")

    with page.context.expect_page() as popup:
        chat.locator("[data-outside]").click()

    window = popup.value
    window.wait_for_url(f"**/zh-hans/chat/?conversation={ref}")
    expect(window.locator("[data-log]")).to_contain_text("我的浏览器什么都不保存")
    expect(page.locator("kefu-chat dialog")).to_be_hidden()
    come_back(page)
    expect(opened(page).locator("[data-view=topics]")).to_be_visible()


def test_a_frame_that_never_hears_that_its_page_is_left_loses_nothing(windows: Visitors) -> None:
    page = windows.visit()
    page.add_init_script(HEARS_NOTHING)
    come_back(page)
    chat = opened(page)
    ask(chat, "先问一句")
    chat.locator("#chat-message").fill("写到一半就走了")

    come_back(page)

    expect(inside(page).locator("#chat-message")).to_have_value("写到一半就走了")


def test_links_of_the_chat_stay_in_the_frame_and_others_leave_it(windows: Visitors) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    chat = opened(page)
    ref = ask(chat, "第一个问题")
    open_row(desk, ref)
    desk.locator("[data-resolve]").click()
    chat.locator("[data-strip=resolved] [data-anew]").click()

    expect(chat.locator("[data-view=topics]")).to_be_visible()
    chat.locator(f"a[href*='{ref}']").click()
    expect(chat.locator("[data-log]")).to_contain_text("第一个问题")


def test_a_window_that_is_out_of_date_loads_itself_again_where_it_is(windows: Visitors) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    ref = ask(opened(page), "更新以后还在吗")
    open_row(desk, ref)
    page.evaluate("told.length = 0")

    frame_of(page).evaluate("""() => {
        const strip = document.querySelector("[data-strip=outdated]");
        strip.hidden = false;
        strip.querySelector("a").click();
    }""")

    hear(page, "ready")
    expect(inside(page).locator("[data-log]")).to_contain_text("更新以后还在吗")
    # It knows that it stands open, so what comes is seen.
    reply(desk, "在的，一直都在。")
    expect(desk.locator("[data-thread] .message.mine")).to_contain_text("已读")


def test_a_panel_that_was_open_on_the_page_before_takes_no_keyboard(windows: Visitors) -> None:
    page = windows.visit()
    opened(page)

    come_back(page)

    inside(page).locator("[data-chat][data-ready]").wait_for()
    assert page.evaluate("document.activeElement.localName") == "body"
    page.keyboard.press("Tab")
    expect(page.locator("#own")).to_be_focused()


def test_a_session_that_has_ended_begins_anew_and_says_so(windows: Visitors, product: Product) -> None:
    page = windows.visit()
    chat = opened(page)
    ref = ask(chat, "这个会话会被结束")
    product.django(
        "from kefu.accounts.actions import end_sessions\n"
        "from kefu.conversations.models import Conversation\n"
        f"end_sessions(customer=Conversation.objects.get(ref={ref!r}).customer)"
    )

    expect(chat.locator("[data-strip=signed_out]")).to_be_visible()
    chat.locator("[data-strip=signed_out] a").click()
    expect(chat.locator("[data-view=topics]")).to_be_visible()
    assert ask(chat, "重新问一次") != ref
    windows.forgive("401")


@pytest.mark.parametrize(
    ("language", "phone", "dark"), [("zh-CN", False, False), ("zh-TW", True, True), ("en", True, False)]
)
def test_launcher_and_frame_are_sound(
    windows: Visitors, host: HostPage, language: str, phone: bool, dark: bool
) -> None:
    host.language = language
    page = windows.visit(phone=phone, dark=dark)
    assert_sound(page)
    chat = opened(page)

    for _ in range(2):
        is_sound(page)
        if chat.locator("[data-view=topics]").is_visible():
            ask(chat, "Is this all right? 可以吗？")


def test_a_host_that_isolates_itself_can_show_it(windows: Visitors, host: HostPage) -> None:
    host.extra_headers = {
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    page = windows.visit()

    assert page.evaluate("crossOriginIsolated") is True
    ask(opened(page), "隔离的页面里也能问")
