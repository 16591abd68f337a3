"""Two editors at one text, told of each other while they type."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Windows, assert_sound

pytestmark = pytest.mark.journey

BRIAN, GRACE = "陳柏宇 Brian", "何思恩 Grace"


def open_text(
    windows: Windows, name: str, text: str = "zh-hans", *, phone: bool = False, dark: bool = False
) -> Page:
    editor = windows.agent(name, phone=phone, dark=dark)
    editor.goto("/desk/articles/?q=deposit-not-here")
    editor.locator(".article-list a.row-title").first.click()
    editor.goto(f"{editor.url}{text}/")
    return editor


def company(page: Page) -> Locator:
    return page.locator("[data-company][aria-live=polite]")


# Whoever closed a text is there for a while longer, so each story has a text of its own.
@pytest.mark.parametrize(("text", "phone", "dark"), [("zh-hant", False, False), ("en", True, True)])
def test_each_sees_the_other_come_change_save_and_leave(
    windows: Windows, text: str, phone: bool, dark: bool
) -> None:
    grace = open_text(windows, GRACE, text, phone=phone, dark=dark)
    expect(company(grace)).to_have_text("")
    brian = open_text(windows, BRIAN, text)
    expect(company(brian)).to_contain_text(f"{GRACE} 也開著這份文字")
    expect(company(grace)).to_contain_text(f"{BRIAN} has had this text open since")

    before = brian.locator("#note").input_value()
    brian.locator("#note").fill(f"{before}看過一遍 {phone}")
    expect(company(grace)).to_contain_text(f"{BRIAN} has been changing this text since")
    assert_sound(grace)

    # What she types meanwhile stays as it is while others come and go.
    grace.locator("#note").fill("half a sen")
    expect(company(brian)).to_contain_text(f"{GRACE} 正在修改這份文字")
    brian.keyboard.press("Control+s")
    expect(company(grace)).to_contain_text(f"{BRIAN} has saved revision")
    expect(company(grace)).to_contain_text(f"{BRIAN} has had this text open since")
    brian.goto("/desk/articles/")
    expect(company(grace)).not_to_contain_text("has had this text open")
    expect(company(grace)).to_contain_text(f"{BRIAN} has saved revision")
    expect(grace.locator("#note")).to_have_value("half a sen")
    assert_sound(grace)


def test_what_cannot_be_asked_is_not_claimed(windows: Windows) -> None:
    grace, brian = open_text(windows, GRACE), open_text(windows, BRIAN)
    expect(company(grace)).to_contain_text(BRIAN)

    grace.context.set_offline(True)

    expect(company(grace)).to_have_text("")
    grace.context.set_offline(False)
    expect(company(grace)).to_contain_text(BRIAN)
    brian.close()
