"""L1, W1: somebody whose browser runs no script asks, reads the answer, answers again and rates it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Windows, assert_sound
from tests.journeys.people import open_row, reply

pytestmark = pytest.mark.journey


def test_from_a_question_to_a_rating_without_script(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    plain = windows.open(phone=True, script=False)
    plain.goto("/zh-hans/")
    plain.get_by_role("link", name=re.compile("找客服|真人客服")).first.click()
    plain.wait_for_url("**/chat/plain/")

    # Nothing is lost when something is missing.
    plain.locator("#text").fill("没有脚本也想问：提现要多久？密码: hunter2hunter2")
    plain.locator("form.card button.primary").click()
    expect(plain.get_by_role("alert")).to_contain_text("请先选问题的类别")
    expect(plain.locator("#text")).to_have_value(re.compile("提现要多久"))
    # The browser itself notes the answer 400 in its console.
    assert [trouble for trouble in windows.troubles if "400" not in trouble] == []
    windows.troubles.clear()
    plain.locator("input[name=topic]").first.check()
    plain.locator("form.card button.primary").click()
    expect(plain.locator("[data-plain]")).to_contain_text("提现要多久")
    expect(plain.locator("[data-plain]")).not_to_contain_text("hunter2")
    ref = plain.locator(".page-head .ref").inner_text()

    open_row(desk, ref)
    reply(desk, "一般十分钟内到账。")
    expect(desk.locator(".thread .message.mine footer")).to_contain_text("已发送", timeout=30_000)
    plain.get_by_role("link", name="看看有没有新消息").click()
    expect(plain.locator("[data-plain]")).to_contain_text("一般十分钟内到账。")
    plain.locator("#text").fill("好，谢谢")
    plain.locator("form#end button.primary").click()
    expect(plain.locator("[data-plain]")).to_contain_text("好，谢谢")
    expect(desk.locator(".thread")).to_contain_text("好，谢谢")

    desk.locator("[data-resolve]").click()
    expect(desk.locator(".thread")).to_contain_text("标记为已解决")
    plain.get_by_role("link", name="看看有没有新消息").click()
    plain.locator("#words").fill("回得很快")
    plain.get_by_role("button", name="解决了").click()
    expect(plain.locator("[data-plain]")).to_contain_text("你说问题解决了。")
    expect(desk.locator(".thread")).to_contain_text("客户说问题解决了。")
    expect(desk.locator(".thread")).to_contain_text("回得很快")


@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_without_script_are_sound(windows: Windows, dark: bool) -> None:
    page = windows.open(phone=True, dark=dark)
    page.goto("/zh-hant/chat/plain/?topic=account")
    page.locator("#text").fill("沒有腳本也可以問")
    page.locator("form.card button.primary").click()
    expect(page.locator("[data-plain]")).to_contain_text("沒有腳本也可以問")

    assert_sound(page)
    page.get_by_role("button", name="取得這個對話的專屬連結").click()
    expect(page.locator("#link")).to_have_value(re.compile(r"/zh-hant/chat/link/"))
    assert_sound(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
