"""Each page in each language, on a phone and a desktop, light and dark: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Windows, assert_sound, axe

pytestmark = pytest.mark.journey
PAGES = ["", "contact/", "chat/", "search/?q=TRC20", "search/?q=zzzzqqq", "ui/zone/"]
SMOKE = [
    ("zh-hans", False, False),
    ("zh-hant", True, True),
    ("en", True, False),
    ("zh-hant", False, True),
]


@pytest.mark.parametrize(("language", "phone", "dark"), SMOKE)
def test_the_public_pages_are_sound(windows: Windows, language: str, phone: bool, dark: bool) -> None:
    page = windows.open(phone=phone, dark=dark)
    page.goto(f"/{language}/")
    paths = [f"/{language}/{path}" if not path.startswith("ui/") else f"/{path}" for path in PAGES[:-1]]
    links = page.locator(f"main a[href^='/{language}/']").evaluate_all(
        "all => all.map((a) => a.getAttribute('href'))"
    )
    found = {}
    for path in dict.fromkeys([*paths, *[link for link in links if "#" not in link]]):
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        problems = axe(page)
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if problems or width > 0:
            found[path] = [*problems, f"{width} px too wide"]
    assert not found


@pytest.mark.parametrize("dark", [False, True])
def test_the_desk_is_sound_on_a_phone(windows: Windows, dark: bool) -> None:
    desk = windows.agent("陳柏宇 Brian", phone=True, dark=dark)
    for pane in ("views", "list", "talk", "context"):
        desk.locator(f"[data-go={pane}]").click()
        assert_sound(desk)
    assert desk.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_at_320_pixels_nothing_is_cut(windows: Windows) -> None:
    page = windows.open(phone=True)
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ("/zh-hans/", "/zh-hans/contact/", "/en/chat/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
