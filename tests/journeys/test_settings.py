"""What leads and admins change in settings, and who sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows, assert_sound
from tests.journeys.people import wait_until_open
from tests.journeys.post import find_letter
from tests.product import OPEN_ALWAYS, Product

pytestmark = pytest.mark.journey

# Only one team's hours count, so that what its lead changes is what customers see.
ONE_TEAM = """
from kefu.waiting.models import WeeklyHours
WeeklyHours.objects.exclude(team__key="deposits").delete()
WeeklyHours.objects.filter(team__key="deposits").update(opens=540, closes=1080)
"""
PAGES = [
    *(
        "",
        "hours/",
        "ways/",
        "ways/new/",
        "topics/",
        "topics/new/",
        "teams/",
        "teams/1/",
        "brand/",
        "greetings/",
    ),
    *("members/", "members/invite/", "journal/"),
]


@pytest.fixture
def one_team(product: Product) -> Iterator[None]:
    product.django(ONE_TEAM)
    yield
    product.django(OPEN_ALWAYS)


def open_settings(windows: Windows, name: str, page_name: str, **window: bool) -> Page:
    """The way there from the desk, by its links."""
    desk = windows.agent(name, **window)
    desk.get_by_role("link", name="设置").click()
    desk.locator(".settings-list").get_by_role("link", name=re.compile(f"^{page_name}")).click()
    return desk


def come_back(customer: Page) -> None:
    """Away and back by links: a browser may then show what it keeps, which it never does for a reload."""
    customer.locator("#site-nav").get_by_role("link", name="帮助中心").click()
    customer.wait_for_url("**/zh-hans/")
    customer.locator("#site-nav").get_by_role("link", name="联系我们").click()
    customer.wait_for_url("**/zh-hans/contact/")


# The script draws the hours anew from the state of now; without it they stand as the page brought them.
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.usefixtures("one_team")
def test_changed_hours_are_seen_on_the_contact_page_at_once(windows: Windows, script: bool) -> None:
    customer = windows.open(script=script)
    customer.goto("/zh-hans/")
    customer.locator("#site-nav").get_by_role("link", name="联系我们").click()
    expect(customer.locator("#hours").locator("xpath=ancestor::section")).to_contain_text("09:00–18:00")
    lead = open_settings(windows, "林晚晴 Winnie", "服务时间")
    lead.get_by_role("link", name="充值与提现").click()
    assert_sound(lead)

    for day in range(7):
        lead.locator(f"#opens{day}-1").fill("10:30")
        lead.locator(f"#closes{day}-1").fill("1945")
    expect(lead.locator("[data-preview]")).to_contain_text("10:30–19:45")
    lead.locator("#closes6-1").press("Enter")

    expect(lead.get_by_role("status")).to_contain_text("已保存")
    come_back(customer)
    week = customer.locator("#hours").locator("xpath=ancestor::section")
    expect(week).to_contain_text("10:30–19:45")
    expect(week).not_to_contain_text("09:00–18:00")

    lead.get_by_role("link", name="改动记录").click()
    assert_sound(lead)
    expect(lead.locator(".changes li").first).to_contain_text("林晚晴")
    lead.get_by_role("button", name="恢复到改动之前").first.click()
    expect(lead.get_by_role("status")).to_be_visible()
    come_back(customer)
    expect(week).to_contain_text("09:00–18:00")


def test_a_changed_official_address_is_seen_on_the_contact_page_at_once(windows: Windows) -> None:
    customer = windows.open()
    customer.goto("/zh-hans/")
    customer.locator("#site-nav").get_by_role("link", name="联系我们").click()
    # All of it: the last of them is meant.
    customer.wait_for_url("**/zh-hans/contact/")
    addresses = customer.locator("main .addresses a")
    address = addresses.last.inner_text()
    admin = open_settings(windows, "苏予安 Joanna", "官方联系方式")
    row = admin.locator("li.row").filter(has_text=address)

    row.get_by_role("button", name="隐藏").click()
    expect(row.get_by_role("button", name="显示")).to_be_visible()

    come_back(customer)
    expect(addresses.first).to_be_visible()
    expect(addresses.filter(has_text=address)).to_have_count(0)

    row.get_by_role("button", name="显示").click()
    expect(row.get_by_role("button", name="隐藏")).to_be_visible()
    come_back(customer)
    expect(addresses.filter(has_text=address)).to_have_count(1)


def test_a_changed_greeting_is_seen_in_the_chat_at_once(windows: Windows) -> None:
    windows.agent("林晚晴 Winnie")  # somebody is there, so that the chat greets by one text
    customer = windows.open(phone=True)
    customer.goto("/zh-hans/chat/")
    wait_until_open(customer)
    hello = customer.locator("[data-view=topics] .big-line:visible")
    before = hello.inner_text()
    admin = open_settings(windows, "苏予安 Joanna", "问候语")

    admin.locator("#open_text-zh-hans").fill("你好，<b>这里</b>是星海客服。")
    admin.get_by_role("button", name="预览").click()
    expect(admin.get_by_role("status")).to_contain_text("还没有保存")
    expect(admin.locator(".greeting-preview").first).to_contain_text("你好，<b>这里</b>是星海客服。")
    assert_sound(admin)
    customer.reload()
    expect(hello).to_have_text(before)
    admin.get_by_role("button", name="保存").click()
    expect(admin.get_by_role("status")).to_contain_text("已保存")

    customer.reload()
    expect(hello).to_have_text("你好，<b>这里</b>是星海客服。")
    assert_sound(customer)

    admin.get_by_role("link", name="改动记录").click()
    assert_sound(admin)
    admin.get_by_role("button", name="恢复到改动之前").first.click()
    expect(admin.get_by_role("status")).to_be_visible()
    customer.reload()
    expect(hello).to_have_text(before)


def test_an_invitation_is_sent_comes_by_letter_and_stands_in_the_journal(windows: Windows) -> None:
    admin = open_settings(windows, "苏予安 Joanna", "成员")
    admin.get_by_role("link", name="邀请成员").click()
    admin.locator("#email").fill("xu.an@xinghai.example")
    admin.locator("#name").fill("许安 Ann")
    admin.get_by_role("radio", name="组长").check()
    admin.get_by_role("checkbox", name="账户安全").check()
    admin.get_by_role("button", name="发出邀请").click()
    expect(admin.get_by_role("status")).to_contain_text("邀请正在发出")
    expect(admin.locator("main")).to_contain_text("xu.an@xinghai.example")

    mailbox = windows.open(phone=True)
    find_letter(mailbox, re.compile("邀请"), to="xu.an@xinghai.example")
    expect(mailbox.locator("body")).to_contain_text("苏予安 Joanna")

    admin.goto("/desk/settings/")
    admin.locator(".settings-list").get_by_role("link", name="日志").click()
    admin.locator("#kind").select_option("agent.invited")
    admin.get_by_role("button", name="显示").click()
    expect(admin.locator("tbody tr").first).to_contain_text("邀请了成员")
    expect(admin.locator("tbody tr").first).to_contain_text("苏予安 Joanna")
    expect(admin.locator("tbody tr").first).to_contain_text("组长")


@pytest.mark.parametrize(("phone", "dark"), [(True, True), (False, False)])
def test_the_settings_pages_are_sound(windows: Windows, phone: bool, dark: bool) -> None:
    page = windows.agent("苏予安 Joanna", phone=phone, dark=dark)
    for path in PAGES:
        page.goto(f"/desk/settings/{path}")
        expect(page.locator("h1")).to_have_count(1)
        assert_sound(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        # Nothing is out of sight at the side, in a table either.
        tables = page.locator(".table-scroll").all()
        assert all(table.evaluate("box => box.scrollWidth <= box.clientWidth") for table in tables), path
