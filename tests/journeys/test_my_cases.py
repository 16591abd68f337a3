"""H8, M4: what somebody asked on one device is theirs on another, once they prove their address by a code."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows
from tests.journeys.people import choose_topic
from tests.journeys.post import find_letter

pytestmark = pytest.mark.journey

ADDRESS = "chen.yu@mail.example"


def prove(window: Page, mailbox: Page, *, letter: int) -> None:
    window.goto("/zh-hans/cases/")
    window.locator("#email").fill(ADDRESS)
    window.get_by_role("button", name="发送验证码").click()
    expect(window.locator("main")).to_contain_text("c•••@m•••.example")
    subject = find_letter(mailbox, re.compile(r"\d{6} 是你在星海 Exchange的验证码"), number=letter)
    window.locator("input#code").fill(subject[:6])
    window.get_by_role("button", name="确认").click()
    expect(window.locator("main")).to_contain_text("在任何设备上问过的问题都在这里")


def test_a_code_brings_the_cases_of_one_device_to_another(windows: Windows) -> None:
    mailbox = windows.open()
    at_home = windows.open()
    at_home.goto("/zh-hans/chat/")
    choose_topic(at_home, "account")
    at_home.locator("#chat-question").fill("我在家里问的：提币地址填错一位怎么办")
    at_home.locator("[data-view=question] [data-send]").click()
    expect(at_home.locator("[data-log]")).to_contain_text("我在家里问的")
    prove(at_home, mailbox, letter=1)
    expect(at_home.locator(".case-rows")).to_contain_text("我在家里问的")

    phone = windows.open(phone=True)
    phone.goto("/zh-hans/cases/")
    expect(phone.locator("main")).to_contain_text("这里还没有内容")
    prove(phone, mailbox, letter=2)

    phone.locator(".case-rows a", has_text="我在家里问的").click()
    expect(phone.locator("[data-log]")).to_contain_text("提币地址填错一位怎么办")
    at_home.locator(".case-rows a", has_text="我在家里问的").click()
    phone.locator("[data-chat] .composer textarea").fill("我在手机上接着说")
    phone.locator("[data-chat] .composer button[type=submit]").click()
    expect(at_home.locator("[data-log]")).to_contain_text("我在手机上接着说")
    phone.goto("/zh-hans/cases/")
    phone.get_by_role("button", name="在这台设备上忘掉我").click()
    expect(phone.locator("main")).to_contain_text("这里还没有内容")
