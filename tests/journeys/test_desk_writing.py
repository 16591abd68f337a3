"""H1, H2: what an agent writes is kept, sent on purpose only, and answers what they could have read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.journeys.conftest import Windows
from tests.journeys.people import ask, bubbles, open_row, reply, row, write
from tests.protocol import SAID, TOLD, note

pytestmark = pytest.mark.journey
DRAFTS = "**/desk/conversation/*/draft/"


def test_nothing_typed_is_lost_between_reply_and_note_and_conversations(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    first, second = ask(windows.open(), "先来的"), ask(windows.open(), "后来的")
    answer = desk.locator("#answer")
    open_row(desk, first)

    answer.press_sequentially("给先来的回复")
    desk.locator("[data-mode-of=note]").click()
    answer.press_sequentially("关于先来的备注")
    open_row(desk, second)
    answer.press_sequentially("给后来的回复")
    open_row(desk, first)

    expect(answer).to_have_value("给先来的回复")
    desk.locator("[data-mode-of=note]").click()
    expect(answer).to_have_value("关于先来的备注")
    answer.press_sequentially("，还有半句")
    desk.reload()
    desk.locator("[data-mode-of=note]").click()
    expect(answer).to_have_value("关于先来的备注，还有半句")
    open_row(desk, second)
    expect(answer).to_have_value("给后来的回复")


def test_a_note_that_is_chosen_by_arrow_keys_is_a_note(windows: Windows) -> None:
    desk, customer = windows.agent("林晚晴 Winnie"), windows.open()
    open_row(desk, ask(customer, "在吗"))
    tabs = {kind: desk.locator(f"[data-mode-of={kind}]") for kind in ("reply", "note")}
    answer, form = desk.locator("#answer"), desk.locator("[data-composer]")
    answer.fill("给客户的")

    tabs["reply"].focus()
    desk.keyboard.press("ArrowRight")

    expect(tabs["note"]).to_be_focused()
    expect(tabs["note"]).to_have_attribute("aria-selected", "true")
    expect(form).to_have_attribute("data-mode", "note")
    expect(answer).to_have_value("")
    answer.fill("内部备注：疑似欺诈")
    answer.press("Control+Enter")
    expect(desk.locator("[data-thread] .message:not(.unsent)").last).to_contain_text("内部备注")
    tabs["note"].focus()
    desk.keyboard.press("Home")
    expect(form).to_have_attribute("data-mode", "reply")
    reply(desk, "在的，请说")
    expect(customer.locator("[data-log]")).to_contain_text("在的，请说")
    expect(customer.locator("[data-log]")).not_to_contain_text("内部备注")


def test_a_save_that_is_slow_never_brings_back_what_was_sent(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, ask(windows.open(), "在吗"))
    slow: list[Route] = []
    desk.route(DRAFTS, lambda route: route.continue_() if slow else slow.append(route))
    with desk.expect_request(DRAFTS):
        desk.locator("#answer").fill("在的")
    reply(desk, "在的，请说")
    expect(desk.locator("[data-thread] .message.mine:not(.unsent)")).to_contain_text("在的，请说")

    with desk.expect_response(
        lambda response: response.request.post_data_json == {"kind": "reply", "text": ""}
    ):
        slow[0].continue_()
    desk.reload()

    expect(desk.locator("[data-thread]")).to_contain_text("在的，请说")
    expect(desk.locator("#answer")).to_have_value("")


def test_a_draft_that_could_not_be_deleted_is_deleted_later(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, ask(windows.open(), "在吗"))
    saved = desk.locator("[data-draft-state]")
    desk.locator("#answer").fill("写了又不要了")
    expect(saved).to_have_text(str(saved.get_attribute("data-saved")))

    lost: list[Route] = []

    def once(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route)
        route.abort("internetdisconnected")

    desk.route(DRAFTS, once)
    desk.locator("#answer").fill("")
    expect(saved).to_have_text(str(saved.get_attribute("data-failed")))
    with desk.expect_response(DRAFTS, timeout=20_000):
        assert lost
    desk.reload()

    expect(desk.locator("[data-talk-ref]")).to_be_visible()
    expect(desk.locator("#answer")).to_have_value("")


def test_a_reply_that_is_too_long_says_so_and_loses_nothing(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, ask(windows.open(), "请说明"))
    saved = desk.locator("[data-draft-state]")

    reply(desk, "好" * 8003)

    too_long = desk.locator("[data-composer] [data-too-long]")
    expect(too_long).to_contain_text("超出 3 字")
    expect(saved).to_have_text(str(saved.get_attribute("data-saved")))
    desk.reload()
    expect(desk.locator("#answer")).to_have_value("好" * 8003)
    assert len(bubbles(desk)) == 1
    desk.locator("#answer").press("End")
    for _ in range(3):
        desk.locator("#answer").press("Backspace")
    expect(too_long).to_be_hidden()
    desk.locator("#answer").press("Control+Enter")
    expect(desk.locator("[data-thread] .message.mine:not(.unsent)")).to_have_count(1)


class Deaf:
    """A desk's socket that loses the frame with certain words, and asks for nothing again while it is deaf."""

    def __init__(self, page: Page, words: str) -> None:
        self.words = words
        page.route_web_socket(re.compile("/ws/v1"), self._connect)

    def _connect(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        page.on_message(self._but(server.send, lambda frame: frame["type"] == "watch", SAID))
        server.on_message(
            self._but(page.send, lambda frame: frame["type"] == "events" and self._is_lost(frame), TOLD)
        )

    def _is_lost(self, frame: dict[str, object]) -> bool:
        is_talk = str(frame["topic"]).startswith("conversation:")
        return is_talk and self.words in json.dumps(frame, ensure_ascii=False)

    @staticmethod
    def _but(
        send: Callable[[str | bytes], None], is_lost: Callable[[dict[str, object]], bool], name: str
    ) -> Callable[[str | bytes], None]:
        def pass_on(said: str | bytes) -> None:
            # Sockets that are taken over are told of to nobody else who listens.
            note(said, name)
            if not is_lost(json.loads(said)):
                send(said)

        return pass_on


def test_a_reply_is_held_back_if_its_writer_could_not_have_read_what_was_said(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    ref = ask(customer, "我要撤销这笔")
    desk.goto(f"/desk/open/{ref}/")
    Deaf(desk, "等等，先别撤")
    desk.reload()
    desk.locator("[data-link]").wait_for(state="hidden")

    write(customer, "等等，先别撤")
    expect(row(desk, ref)).to_contain_text("等等，先别撤")
    write(customer, "听到了吗")
    expect(row(desk, ref)).to_contain_text("听到了吗")
    assert bubbles(desk) == ["我要撤销这笔"]
    reply(desk, "已经撤销了")

    expect(desk.locator("[data-stale]")).to_be_visible()
    expect(desk.locator("[data-thread]")).to_contain_text("等等，先别撤")
    assert "已经撤销了" not in bubbles(customer)
    desk.locator("[data-stale-send]").click()
    expect(desk.locator("[data-stale]")).to_be_hidden()
    expect(customer.locator("[data-log]")).to_contain_text("已经撤销了")


def test_a_short_name_stands_in_one_line_over_a_short_message(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, ask(windows.open(), "一"))

    name = desk.locator("[data-thread] .message header b")
    expect(name).to_have_text("访客")

    assert name.evaluate("(b) => b.offsetHeight < 1.5 * parseFloat(getComputedStyle(b).lineHeight)")


def test_colleagues_see_who_else_is_looking(windows: Windows) -> None:
    winnie, brian = windows.agent("林晚晴 Winnie"), windows.agent("陳柏宇 Brian")
    ref, other = ask(windows.open(), "谁在看"), ask(windows.open(), "另一位")
    open_row(winnie, ref)
    expect(winnie.locator("[data-onlookers]")).to_be_hidden()

    brian.goto(f"/desk/open/{ref}/")

    expect(winnie.locator("[data-onlookers]")).to_contain_text("陳柏宇 Brian")
    expect(brian.locator("[data-onlookers]")).to_contain_text("林晚晴 Winnie")
    open_row(winnie, other)
    expect(brian.locator("[data-onlookers]")).to_be_hidden()


def test_single_keys_do_the_daily_work(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    first, second = ask(windows.open(), "先来的"), ask(windows.open(), "后来的")
    answer, form = desk.locator("#answer"), desk.locator("[data-composer]")
    open_row(desk, first)
    expect(row(desk, second)).to_be_visible()

    desk.keyboard.press("j")
    expect(row(desk, second)).to_have_class(re.compile(r"\bchosen\b"))
    desk.keyboard.press("k")
    expect(row(desk, first)).to_have_class(re.compile(r"\bchosen\b"))
    desk.keyboard.press("j")
    desk.keyboard.press("o")
    expect(desk.locator("[data-talk-ref]")).to_have_text(second)
    desk.keyboard.press("n")
    expect(answer).to_be_focused()
    expect(form).to_have_attribute("data-mode", "note")
    desk.keyboard.type("jkorneis?")
    expect(answer).to_have_value("jkorneis?")
    answer.fill("")
    desk.keyboard.press("Escape")
    desk.keyboard.press("r")
    expect(form).to_have_attribute("data-mode", "reply")
    desk.keyboard.press("Escape")
    desk.keyboard.press("i")
    expect(desk.locator("[data-take]")).to_be_hidden()
    desk.keyboard.press("e")
    expect(desk.locator("[data-reopen]")).to_be_visible()
    desk.keyboard.press("e")
    expect(desk.locator("[data-resolve]")).to_be_visible()
    desk.keyboard.press("?")
    expect(desk.locator("[data-keys]")).to_be_visible()


# Some browsers tell of a composition only by the code 229.
COMPOSED = """([key, isComposing]) => {
    const init = { key, isComposing, keyCode: isComposing ? 0 : 229, bubbles: true, cancelable: true };
    const event = new KeyboardEvent("keydown", init);
    return document.body.dispatchEvent(event);
}"""


@pytest.mark.parametrize("is_composing", [True, False])
def test_no_key_fires_while_an_input_method_composes(windows: Windows, is_composing: bool) -> None:
    desk = windows.agent("林晚晴 Winnie")
    ref = ask(windows.open(), "你好")
    open_row(desk, ref)
    desk.locator("#answer").blur()

    # None of them was taken: each still does what the browser does by itself.
    assert all(desk.evaluate(COMPOSED, [key, is_composing]) for key in "jkorneis?")

    expect(desk.locator("[data-keys]")).to_be_hidden()
    expect(desk.locator("#answer")).not_to_be_focused()
    expect(desk.locator(".item.chosen")).to_have_count(0)
    expect(desk.locator("[data-talk-ref]")).to_have_text(ref)
    expect(desk.locator("[data-take]")).to_be_visible()
    expect(desk.locator("[data-resolve]")).to_be_visible()


def test_a_reply_is_not_sent_in_the_middle_of_a_composition(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, ask(windows.open(), "你好"))
    desk.locator("#answer").focus()

    composing = {"text": "nihao", "selectionStart": 5, "selectionEnd": 5}
    desk.context.new_cdp_session(desk).send("Input.imeSetComposition", composing)
    desk.keyboard.press("Control+Enter")

    expect(desk.locator("#answer")).to_have_value("nihao")
    assert bubbles(desk) == ["你好"]
