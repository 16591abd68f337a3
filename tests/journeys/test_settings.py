"""What leads and admins change in settings, and who sees it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows, assert_sound
from tests.product import OPEN_ALWAYS, Product

pytestmark = pytest.mark.journey

# Only one team's hours count, so that what its lead changes is what customers see.
ONE_TEAM = """
from kefu.waiting.models import WeeklyHours
WeeklyHours.objects.exclude(team__key="deposits").delete()
WeeklyHours.objects.filter(team__key="deposits").update(opens=540, closes=1080)
"""
PAGES = ["/desk/settings/", "/desk/settings/hours/"]


@pytest.fixture
def one_team(product: Product) -> Iterator[None]:
    product.django(ONE_TEAM)
    yield
    product.django(OPEN_ALWAYS)


def open_settings(windows: Windows, name: str, page_name: str, **window: bool) -> Page:
    """The way there from the desk, by its links."""
    desk = windows.agent(name, **window)
    desk.get_by_role("link", name="设置").click()
    desk.locator(".settings-list").get_by_role("link", name=page_name).click()
    return desk


@pytest.mark.usefixtures("one_team")
def test_changed_hours_are_seen_on_the_contact_page_at_once(windows: Windows) -> None:
    customer = windows.open()
    customer.goto("/zh-hans/contact/")
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
    customer.reload()
    week = customer.locator("#hours").locator("xpath=ancestor::section")
    expect(week).to_contain_text("10:30–19:45")
    expect(week).not_to_contain_text("09:00–18:00")

    lead.get_by_role("link", name="改动记录").click()
    assert_sound(lead)
    expect(lead.locator(".changes li").first).to_contain_text("林晚晴")
    lead.get_by_role("button", name="恢复到改动之前").first.click()
    customer.reload()
    expect(week).to_contain_text("09:00–18:00")


@pytest.mark.parametrize(("phone", "dark"), [(True, True), (False, False)])
def test_the_settings_pages_are_sound(windows: Windows, phone: bool, dark: bool) -> None:
    page = windows.agent("林晚晴 Winnie", phone=phone, dark=dark)
    for path in PAGES:
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        assert_sound(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
