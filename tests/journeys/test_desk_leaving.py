"""H2: what an agent has sent is on its way, wherever they look next; what cannot go says where it waits."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.journeys.conftest import Windows
from tests.journeys.people import ask, open_row, reply, write
from tests.protocol import SAID, TOLD, note

pytestmark = pytest.mark.journey
KEPT = "Object.keys(localStorage).some((key) => key.startsWith('kefu-unsent:'))"
HELD = "[data-held] .incident"


class SlowSocket:
    """A desk's socket on which what is said stays on its way until somebody lets it go."""

    def __init__(self, page: Page) -> None:
        self.held: list[tuple[WebSocketRoute, str | bytes]] = []
        self.is_slow = True
        page.route_web_socket(re.compile("/ws/v1"), self._connect)
        page.reload()
        page.locator("[data-link]").wait_for(state="hidden")

    def _connect(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()

        def said(raw: str | bytes) -> None:
            # Sockets that are taken over are told of to nobody else who listens.
            note(raw, SAID)
            if self.is_slow and json.loads(raw)["type"] == "say":
                self.held.append((server, raw))
            else:
                server.send(raw)

        def told(raw: str | bytes) -> None:
            note(raw, TOLD)
            page.send(raw)

        page.on_message(said)
        server.on_message(told)

    def let_go(self) -> None:
        self.is_slow = False
        for server, raw in self.held:
            server.send(raw)


def send(desk: Page, words: str) -> None:
    reply(desk, words)
    expect(desk.locator("[data-thread] .message.mine").last).to_contain_text(words)


def test_messages_that_were_sent_in_haste_go_after_their_conversation_was_left(windows: Windows) -> None:
    desk, customer = windows.agent("林晚晴 Winnie", view="open"), windows.open()
    first, second = ask(customer, "先来的"), ask(windows.open(), "后来的")
    line = SlowSocket(desk)
    open_row(desk, first)
    send(desk, "马上查")
    send(desk, "请稍等")

    open_row(desk, second)
    line.let_go()

    expect(customer.locator("[data-log] .message").last).to_contain_text("请稍等")
    expect(customer.locator("[data-log] .message")).to_have_count(3)
    expect(desk.locator(HELD)).to_have_count(0)
    desk.wait_for_function(f"() => !({KEPT})")
    open_row(desk, first)
    expect(desk.locator("[data-thread] .message.mine")).to_have_count(2)


def test_a_reply_that_is_held_back_after_its_conversation_was_left_says_where_it_waits(
    windows: Windows,
) -> None:
    desk, customer = windows.agent("林晚晴 Winnie"), windows.open()
    first, second = ask(customer, "请撤销这笔"), ask(windows.open(), "后来的")
    line = SlowSocket(desk)
    open_row(desk, first)
    send(desk, "已经撤销了")
    write(customer, "等等，先别撤")
    expect(desk.locator("[data-thread]")).to_contain_text("等等，先别撤")

    open_row(desk, second)
    line.let_go()

    notice = desk.locator(HELD)
    expect(notice).to_contain_text(f"还没发送：{first}")
    desk.reload()
    expect(notice).to_have_count(1)
    notice.get_by_role("button", name=f"回到那个会话 {first}").press("Enter")
    expect(desk.locator("[data-stale]")).to_be_visible()
    expect(notice).to_have_count(0)
    expect(customer.locator("[data-log]")).not_to_contain_text("已经撤销了")
    desk.locator("[data-stale-send]").click()
    expect(customer.locator("[data-log] .message").last).to_contain_text("已经撤销了")


def test_what_a_page_could_not_send_goes_from_the_next_one(windows: Windows) -> None:
    desk, customer = windows.agent("林晚晴 Winnie"), windows.open()
    first, second = ask(customer, "先来的"), ask(windows.open(), "后来的")
    line = SlowSocket(desk)
    open_row(desk, first)
    send(desk, "马上查")
    open_row(desk, second)

    line.is_slow = False
    desk.reload()

    expect(customer.locator("[data-log] .message").last).to_contain_text("马上查")
    expect(desk.locator("[data-talk-ref]")).to_have_text(second)


LEFT_ELSEWHERE = """() => {
    const { me } = JSON.parse(document.getElementById("start").textContent);
    const client_id = "ab".repeat(16);
    const entry = { client_id, text: "请稍等", visibility: "customer", spoken_seq: 1, at: new Date().toISOString() };
    localStorage.setItem(`kefu-unsent:staff-${me.id}-XH-0000-0000-0000-0:${client_id}`, JSON.stringify(entry));
}"""


def test_a_notice_goes_that_leads_to_where_the_agent_may_not_look_any_more(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    desk.evaluate(LEFT_ELSEWHERE)
    desk.reload()
    expect(desk.locator(HELD)).to_contain_text("还没发送：XH-0000-0000-0000-0")

    desk.locator(HELD).get_by_role("button").click()

    expect(desk.locator("[data-toasts]")).not_to_be_empty()
    expect(desk.locator(HELD)).to_have_count(0)
    assert [trouble for trouble in windows.troubles if "404" not in trouble] == []
    windows.troubles.clear()
