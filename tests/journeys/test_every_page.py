"""Each page in each language, on a phone and a desktop, light and dark: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Windows, assert_sound, axe
from tests.product import CLOSED_TODAY, OPEN_ALWAYS, Product

pytestmark = pytest.mark.journey
PAGES = ["", "contact/", "chat/", "search/?q=TRC20", "search/?q=zzzzqqq", "check/?code=0000-0000", "cases/"]
# Buttons and links whose words stick out of them.
CUT = """[...document.querySelectorAll("a, button")]
  .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
  .map((one) => `cut: ${one.textContent.trim()} (${one.scrollWidth} in ${one.clientWidth} px)`)"""
SMOKE = [
    ("zh-hans", False, False),
    ("zh-hant", True, True),
    ("en", True, False),
    ("zh-hant", False, True),
]


def paths_in(language: str) -> list[str]:
    return [*(f"/{language}/{path}" for path in PAGES), f"/ui/{language}/time-zone/?next=/{language}/"]


@pytest.mark.parametrize(("language", "phone", "dark"), SMOKE)
def test_the_public_pages_are_sound(windows: Windows, language: str, phone: bool, dark: bool) -> None:
    page = windows.open(phone=phone, dark=dark)
    page.goto(f"/{language}/")
    paths = paths_in(language)
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


@pytest.mark.parametrize(
    ("language", "times"),
    [("zh-hans", OPEN_ALWAYS), ("zh-hant", CLOSED_TODAY), ("en", CLOSED_TODAY)],
    ids=["zh-hans-open", "zh-hant-closed", "en-closed"],
)
def test_at_320_pixels_nothing_is_cut_and_all_is_sound(
    windows: Windows, product: Product, language: str, times: str
) -> None:
    product.django(times)
    page = windows.open(phone=True)
    page.set_viewport_size({"width": 320, "height": 640})
    found = {}
    for path in paths_in(language):
        page.goto(path)
        page.locator("[data-when]:not([hidden]), [data-chat][data-ready]").first.wait_for(state="attached")
        problems = [*axe(page), *page.evaluate(CUT)]
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            problems.append("too wide")
        if problems:
            found[path] = problems
    product.django(OPEN_ALWAYS)
    assert not found
