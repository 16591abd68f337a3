"""H1: what an agent does by keys is what they meant, however fast or long they press."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.journeys.conftest import Windows
from tests.journeys.people import ask, open_row, row
from tests.journeys.test_desk_list import Held

pytestmark = pytest.mark.journey


class Asked:
    """What the page has asked the server to do at such an address, in order."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.pattern = re.compile(pattern)
        self.bodies: list[Any] = []
        page.on("request", self._hear)

    def _hear(self, request: Request) -> None:
        if request.method == "POST" and self.pattern.search(request.url):
            self.bodies.append(request.post_data_json)


@pytest.mark.parametrize("key", ["Enter", "o"])
def test_the_row_that_has_the_focus_is_the_one_that_opens(windows: Windows, key: str) -> None:
    desk = windows.agent("林晚晴 Winnie")
    first, second = ask(windows.open(), "先来的"), ask(windows.open(), "后来的")
    expect(row(desk, second)).to_be_visible()

    row(desk, second).focus()
    desk.keyboard.press(key)
    expect(desk.locator("[data-talk-ref]")).to_have_text(second)
    desk.keyboard.press("k")
    desk.keyboard.press("j")
    expect(row(desk, second)).to_have_class(re.compile(r"\bchosen\b"))
    row(desk, first).focus()
    desk.keyboard.press(key)

    expect(desk.locator("[data-talk-ref]")).to_have_text(first)
    expect(row(desk, first)).to_have_class(re.compile(r"\bchosen\b"))


def test_what_is_typed_before_the_conversation_has_come_does_nothing_but_open_the_box(
    windows: Windows,
) -> None:
    desk = windows.agent("林晚晴 Winnie")
    ref = ask(windows.open(), "在吗")
    asked = Asked(desk, "/(assignee|resolution)/")
    held = Held(desk, f"**/desk/conversation/{ref}/")

    row(desk, ref).focus()
    desk.keyboard.press("o")
    held.wait()
    desk.keyboard.type("nie?/:")
    held.release()

    expect(desk.locator("#answer")).to_be_focused()
    expect(desk.locator("[data-composer]")).to_have_attribute("data-mode", "note")
    desk.keyboard.type("ei")
    expect(desk.locator("#answer")).to_have_value("ei")
    expect(desk.locator("[data-keys]")).to_be_hidden()
    assert asked.bodies == []


def test_a_key_that_is_held_down_resolves_once(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, ask(windows.open(), "好了，谢谢"))
    asked = Asked(desk, "/resolution/")

    for _ in range(4):
        desk.keyboard.down("e")
    expect(desk.locator("[data-reopen]")).to_be_visible()

    assert asked.bodies == [{"resolved": True}]


def test_who_chooses_an_assignee_by_arrow_keys_assigns_the_last_one_alone(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, ask(windows.open(), "请找人看看"))
    asked = Asked(desk, "/assignee/")
    assignee = desk.locator("[data-assignee]")
    wanted = assignee.locator("option").nth(2).get_attribute("value")

    assignee.press("ArrowDown")
    assignee.press("ArrowDown")
    expect(assignee).to_have_value(str(wanted))
    assert asked.bodies == []
    with desk.expect_response("**/assignee/"):
        assignee.press("Enter")

    expect(assignee).to_have_value(str(wanted))
    assert asked.bodies == [{"agent": int(str(wanted))}]
    # Who gives up in the middle has chosen nothing.
    assignee.press("ArrowUp")
    assignee.press("Escape")
    expect(assignee).not_to_be_focused()
    expect(assignee).to_have_value(str(wanted))
    assert len(asked.bodies) == 1


def test_who_walks_past_a_state_does_not_take_it(windows: Windows) -> None:
    desk = windows.agent("何思恩 Grace")
    asked = Asked(desk, "/availability/")
    mine = desk.locator("[data-availability]")

    mine.press("ArrowDown")
    mine.press("ArrowDown")
    expect(mine).to_have_value("away")
    with desk.expect_response("**/desk/availability/"):
        mine.press("Tab")

    expect(desk.locator("[data-away]")).to_be_visible()
    assert asked.bodies == [{"availability": "away"}]
