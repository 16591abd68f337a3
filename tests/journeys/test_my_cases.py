"""H8, M4: what somebody asked on one device is theirs on another, once they prove their address by a code."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Windows
from tests.journeys.people import ask, choose_topic, open_row
from tests.journeys.post import prove

pytestmark = pytest.mark.journey

ADDRESS = "chen.yu@mail.example"
KEPT = (
    "Object.keys(localStorage).concat(Object.keys(sessionStorage)).filter((key) => key.startsWith('kefu-'))"
)


def test_a_code_brings_the_cases_of_one_device_to_another(windows: Windows) -> None:
    mailbox = windows.open()
    at_home = windows.open()
    at_home.goto("/zh-hans/chat/")
    choose_topic(at_home, "account")
    at_home.locator("#chat-question").fill("我在家里问的：提币地址填错一位怎么办")
    at_home.locator("[data-view=question] [data-send]").click()
    expect(at_home.locator("[data-log]")).to_contain_text("我在家里问的")
    prove(at_home, mailbox, ADDRESS)
    expect(at_home.locator(".case-rows")).to_contain_text("我在家里问的")

    phone = windows.open(phone=True)
    phone.goto("/zh-hans/cases/")
    expect(phone.locator("main")).to_contain_text("这里还没有内容")
    prove(phone, mailbox, ADDRESS, letter=2)

    phone.locator(".case-rows a", has_text="我在家里问的").click()
    expect(phone.locator("[data-log]")).to_contain_text("提币地址填错一位怎么办")
    at_home.locator(".case-rows a", has_text="我在家里问的").click()
    phone.locator("[data-chat] .composer textarea").fill("我在手机上接着说")
    phone.locator("[data-chat] .composer button[type=submit]").click()
    expect(at_home.locator("[data-log]")).to_contain_text("我在手机上接着说")
    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, str(phone.locator("[data-chat]").get_attribute("data-ref")))
    context = desk.locator("[data-context]")
    expect(context.locator(".identity")).to_have_text("已验证邮箱")
    expect(context.locator("[data-basis=code]")).to_contain_text("填对了发到邮箱的验证码。")
    expect(context.locator(".facts")).to_contain_text(f"{ADDRESS} · 已用验证码验证")
    phone.goto("/zh-hans/cases/")
    phone.get_by_role("button", name="在这台设备上忘掉我").click()
    expect(phone.locator("main")).to_contain_text("这里还没有内容")
    assert phone.evaluate(KEPT) == []


def test_who_is_forgotten_in_one_tab_leaves_nothing_in_the_others(windows: Windows) -> None:
    talking = windows.open()
    ask(talking, "我在网吧问的")
    talking.locator("#chat-message").fill("还没发出的一句")
    asking, beside, cases = (talking.context.new_page() for _ in range(3))
    asking.goto("/zh-hans/chat/?new=1")
    choose_topic(asking, "account")
    asking.locator("#chat-question").fill("写到一半的问题")
    beside.goto("/zh-hans/contact/")
    beside.locator(".site-tools [data-open-chat]").click()
    beside.locator("#chat-message").fill("旁边也写到一半")
    cases.goto("/zh-hans/cases/")

    cases.get_by_role("button", name="在这台设备上忘掉我").click()

    for tab in (talking, asking):
        expect(tab.locator("[data-strip=signed_out]")).to_be_visible()
        expect(tab.locator("[data-chat] textarea:visible, [data-log]:visible")).to_have_count(0)
    expect(beside.locator("[data-chat]")).to_have_count(0)
    expect(cases.locator("main")).to_contain_text("这里还没有内容")
    for tab in (talking, asking, beside):
        tab.goto("/zh-hans/chat/")
        choose_topic(tab, "account")
        expect(tab.locator("#chat-question")).to_have_value("")
        assert tab.evaluate(KEPT) == []
