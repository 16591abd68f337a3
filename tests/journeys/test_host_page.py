"""The demo exchange's own website."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import axe
from tests.product import Product

pytestmark = pytest.mark.journey
WEBSITE = re.compile(r"^Exchange:   (\S+)", re.MULTILINE)


@pytest.fixture
def website(product: Product) -> str:
    return WEBSITE.findall("".join(product.log))[0]


def sign_in(page: Page, website: str, key: str) -> None:
    page.goto(f"{website}zh-hans/")
    page.locator(f"button[value={key}]").click()
    expect(page.locator("body")).to_have_attribute("data-user", key)


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_the_website_can_be_used_by_everybody(browser: Browser, website: str, is_dark: bool) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, color_scheme="dark" if is_dark else "light", locale="en"
    )
    page = context.new_page()
    page.goto(f"{website}en/")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320

    sign_in(page, website, "james")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()
