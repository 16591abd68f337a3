"""The desk and the settings on a tablet, upright and lying: nothing scrolls sideways, nothing is cut or out of reach."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows, assert_sound
from tests.journeys.people import ask, choose_topic, open_row
from tests.journeys.test_every_page import CUT, TOO_WIDE

pytestmark = pytest.mark.journey
UPRIGHT, BETWEEN, LYING = (
    {"width": 768, "height": 1024},
    {"width": 820, "height": 1180},
    {"width": 1024, "height": 768},
)
SIZES = [UPRIGHT, BETWEEN, LYING]
LINKS = "[...document.links].map((link) => link.pathname).filter((path) => /^[/](desk[/]settings|staff)[/]/.test(path))"
# What can be pressed or filled in, but sticks out of the window to a side.
OUTSIDE = """[...document.querySelectorAll("a, button, input, select, textarea")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.left < -1 || box.right > innerWidth + 1))
  .map(([one, box]) => `outside: ${one.outerHTML.slice(0, 80)} ${box.left} to ${box.right}`)"""
# A page of each kind is enough; pages about one member or one day look alike.
NUMBER = re.compile(r"\d+")


def troubles(page: Page) -> list[str]:
    width = page.evaluate(TOO_WIDE)
    too_wide = [f"{width} px too wide"] if width > 0 else []
    return [*too_wide, *page.evaluate(CUT), *page.evaluate(OUTSIDE)]


def test_no_page_of_the_settings_is_too_wide_for_a_tablet(windows: Windows) -> None:
    page = windows.agent("苏予安 Joanna")
    waiting, kinds, found = ["/desk/settings/", "/staff/sessions/"], set(), {}

    while waiting:
        path = waiting.pop(0)
        if (kind := NUMBER.sub("N", path)) not in kinds:
            kinds.add(kind)
            page.goto(path)
            waiting += page.evaluate(LINKS)
            for size in SIZES:
                page.set_viewport_size(size)
                if problems := troubles(page):
                    found[f"{path} at {size['width']}"] = problems

    assert not found
    assert {"/desk/settings/journal/", "/desk/settings/members/N/close/"} <= kinds


def test_the_desk_fits_a_tablet(windows: Windows) -> None:
    ref = ask(windows.open(), "平板上也要看得清楚：" + "LongWordsWithoutAnySpace" * 6)
    desk = windows.agent("陳柏宇 Brian")
    open_row(desk, ref)
    found = {}

    for size in SIZES:
        desk.set_viewport_size(size)
        for place in ("talk", "context", "list"):
            show(desk, place)
            if problems := troubles(desk):
                found[f"{place} at {size['width']}"] = problems

    assert not found


@pytest.mark.parametrize("size", [BETWEEN, LYING], ids=["820", "1024"])
def test_the_customer_is_shown_beside_the_conversation_and_gives_the_list_back(
    windows: Windows, size: dict[str, int]
) -> None:
    ref = ask(windows.open(), "我是谁，你们看得到吗")
    desk = windows.agent("陳柏宇 Brian")
    desk.set_viewport_size(size)
    open_row(desk, ref)
    customer, rows, besides = (
        desk.locator("[data-context]"),
        desk.locator("[data-list]"),
        desk.locator("[data-show-context]"),
    )
    expect(customer).to_be_hidden()
    assert desk.locator("#talk-title").evaluate("name => name.scrollWidth <= name.clientWidth")

    besides.click()

    expect(customer).to_be_in_viewport()
    expect(customer).to_contain_text("對方時間")
    expect(desk.locator("#answer")).to_be_in_viewport()
    expect(rows).to_be_hidden()
    expect(besides).to_have_attribute("aria-pressed", "true")
    assert_sound(desk)

    besides.click()

    expect(customer).to_be_hidden()
    expect(rows).to_be_in_viewport()
    expect(besides).to_have_attribute("aria-pressed", "false")

    # By the keyboard: whoever walks through the list sees it.
    besides.click()
    expect(rows).to_be_hidden()
    desk.locator("#talk-title").click()
    desk.keyboard.press("j")
    expect(rows).to_be_in_viewport()


def test_an_earlier_conversation_of_the_customer_leaves_the_reader_at_the_button_that_leads_back(
    windows: Windows,
) -> None:
    customer = windows.open()
    earlier = ask(customer, "先问一件小事")
    desk = windows.agent("陳柏宇 Brian")
    desk.set_viewport_size(BETWEEN)
    open_row(desk, earlier)
    desk.locator("[data-resolve]").click()
    customer.locator("[data-anew]").click()
    later = ask_again(customer, "再问一件")
    open_row(desk, later)
    desk.locator("[data-show-context]").click()

    desk.locator(f"[data-open-ref='{earlier}']").focus()
    desk.keyboard.press("Enter")

    expect(desk.locator("[data-thread]")).to_contain_text("先问一件小事")
    expect(desk.locator("[data-show-context]")).to_be_focused()


def ask_again(customer: Page, words: str) -> str:
    """In the window that has just been given back."""
    choose_topic(customer, "account")
    customer.locator("#chat-question").fill(words)
    customer.locator("[data-view=question] [data-send]").click()
    expect(customer.locator("[data-log]")).to_contain_text(words)
    return str(customer.locator("[data-chat]").get_attribute("data-ref"))


def show(desk: Page, place: str) -> None:
    """By the bar below, or where there is none by the button beside the conversation."""
    bar, besides = desk.locator(f"[data-go={place}]"), desk.locator("[data-show-context]")
    if bar.is_visible():
        bar.click()
    elif besides.get_attribute("aria-pressed") != ("true" if place == "context" else "false"):
        besides.click()
