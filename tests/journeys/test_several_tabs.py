"""H1: a customer has the same conversation open twice; both windows hear everything, by one socket where the browser can."""

from __future__ import annotations

import contextlib

import pytest
from playwright.sync_api import Error, Page, WebSocket, expect

from tests.journeys.conftest import Windows
from tests.journeys.people import ask, bubbles, open_row, reply, write

pytestmark = pytest.mark.journey


def own_sockets(page: Page) -> list[WebSocket]:
    """Those that the page opens itself from now on."""
    opened: list[WebSocket] = []

    def opens(socket: WebSocket) -> None:
        opened.append(socket)

    page.on("websocket", opens)
    return opened


def another_tab(customer: Page) -> tuple[Page, list[WebSocket]]:
    """The same conversation once more, connected."""
    tab = customer.context.new_page()
    opened = own_sockets(tab)
    tab.goto("/zh-hans/chat/")
    expect(tab.locator("[data-log] .message")).not_to_have_count(0)
    return tab, opened


def crash(page: Page) -> None:
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash")


def hear_each_other(desk: Page, *tabs: Page, about: str) -> None:
    """What the agent says and what each of these tabs says is in all of them."""
    said = [f"客服说{about}", *[f"第{place}个窗口说{about}" for place in range(len(tabs))]]
    reply(desk, said[0])
    for tab, words in zip(tabs, said[1:], strict=True):
        write(tab, words)
    for window in (*tabs, desk):
        for words in said:
            expect(window.locator(".thread").first).to_contain_text(words)
    for tab in tabs:
        expect(tab.locator(".message.unsent")).to_have_count(0)
        assert sorted(bubbles(tab)) == sorted(bubbles(desk))


def test_tabs_share_a_socket_and_go_on_whichever_of_them_is_closed(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    opened = own_sockets(customer)
    ref = ask(customer, "我开了两个窗口")
    open_row(desk, ref)
    second, opened_by_second = another_tab(customer)
    hear_each_other(desk, customer, second, about="一")

    customer.close()
    hear_each_other(desk, second, about="二")
    third, opened_by_third = another_tab(second)
    hear_each_other(desk, second, third, about="三")
    crash(second)
    hear_each_other(desk, third, about="四")

    assert opened + opened_by_second + opened_by_third == []


def test_where_the_browser_has_no_shared_workers_each_tab_has_its_own(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    customer.context.add_init_script("delete window.SharedWorker")
    opened = own_sockets(customer)
    ref = ask(customer, "我的浏览器比较旧")
    open_row(desk, ref)
    second, opened_by_second = another_tab(customer)

    hear_each_other(desk, customer, second, about="一")

    assert (len(opened), len(opened_by_second)) == (1, 1)


def test_a_tab_that_loses_the_network_is_told_so_and_comes_back(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    ref = ask(customer, "我在地铁上")
    open_row(desk, ref)
    second, _ = another_tab(customer)

    customer.context.set_offline(True)
    for tab in (customer, second):
        expect(tab.locator("[data-strip=offline]")).to_be_visible()
        write(tab, "断网时写的")
        expect(tab.locator(".message.unsent")).not_to_have_count(0)
    reply(desk, "客服在断网时的回复")
    customer.context.set_offline(False)

    for tab in (customer, second):
        expect(tab.locator("[data-log]")).to_contain_text("客服在断网时的回复", timeout=40_000)
        expect(tab.locator(".message.unsent")).to_have_count(0)
    # A reply to what the agent has not read yet would be held back.
    expect(desk.locator(".thread .bubble").get_by_text("断网时写的")).to_have_count(2)
    hear_each_other(desk, customer, second, about="一")
    assert bubbles(desk).count("断网时写的") == 2
