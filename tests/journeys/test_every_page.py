"""Each page in each language, on a phone and a desktop, light and dark: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows, assert_sound, axe
from tests.journeys.people import ask, open_row, reply
from tests.product import CLOSED_TODAY, OPEN_ALWAYS, Product

pytestmark = pytest.mark.journey
PAGES = [
    "",
    "contact/",
    "chat/",
    "chat/plain/",
    "search/?q=TRC20",
    "search/?q=zzzzqqq",
    "check/?code=0000-0000",
    "cases/",
    "tools/deposit/",
]
STAFF_DOORS = ["/staff/sign-in/", "/staff/password/forgotten/", "/staff/password/forgotten/sent/"]
# Buttons and links whose words stick out of them.
CUT = """[...document.querySelectorAll("a, button")]
  .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
  .map((one) => `cut: ${one.textContent.trim()} (${one.scrollWidth} in ${one.clientWidth} px)`)"""
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
LONG_NAMES = """
import json
from kefu.brands.models import Brand
from kefu.conversations.models import Topic
brand, topic = Brand.objects.get(key="xinghai"), Topic.objects.get(key="account")
print(json.dumps([brand.name, topic.names]))
Brand.objects.filter(pk=brand.pk).update(name="星海國際數位資產交易平台 International Digital Asset Exchange of the South")
names = {code: "账户与资产、充值与提现、身份认证，Donaudampfschifffahrtsgesellschaftskapitaensmuetze" for code in topic.names}
Topic.objects.filter(pk=topic.pk).update(names=names)
"""
USUAL_NAMES = """
import json
from kefu.brands.models import Brand
from kefu.conversations.models import Topic
name, names = json.loads({kept!r})
Brand.objects.filter(key="xinghai").update(name=name)
Topic.objects.filter(key="account").update(names=names)
"""
SMOKE = [
    ("zh-hans", False, False),
    ("zh-hant", True, True),
    ("en", True, False),
    ("zh-hant", False, True),
]


# Together they look at all of the pages that are made alike, each story at others.
ONE_IN = len(SMOKE)


def links_of_home(page: Page, language: str, story: int) -> list[str]:
    """Where the home page leads: its shelves and articles, as many as are this story's."""
    page.goto(f"/{language}/")
    links = page.locator(f"main a[href^='/{language}/']").evaluate_all(
        "all => all.map((a) => a.getAttribute('href'))"
    )
    assert len(links) > 2 * ONE_IN
    pages = list(dict.fromkeys(link for link in links if "#" not in link))
    return pages[story::ONE_IN]


def paths_in(language: str) -> list[str]:
    return [*(f"/{language}/{path}" for path in PAGES), f"/ui/{language}/time-zone/?next=/{language}/"]


@pytest.mark.parametrize(("language", "phone", "dark"), SMOKE)
def test_the_public_pages_are_sound(windows: Windows, language: str, phone: bool, dark: bool) -> None:
    page = windows.open(phone=phone, dark=dark)
    links = links_of_home(page, language, SMOKE.index((language, phone, dark)))
    found = {}
    for path in dict.fromkeys([*paths_in(language), *STAFF_DOORS, *links]):
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        problems = axe(page)
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if problems or width > 0:
            found[path] = [*problems, f"{width} px too wide"]
    assert not found


def test_the_desk_with_an_open_thread_is_sound_in_the_dark(windows: Windows) -> None:
    customer, desk = windows.open(), windows.agent("林晚晴 Winnie", dark=True)
    ref = ask(customer, "让我报验证码 839214，是你们吗？")
    open_row(desk, ref)
    reply(desk, "不是我们，请不要给任何人。")
    expect(desk.locator("[data-thread] .message.mine")).to_have_count(1)
    desk.locator("[data-mode-of=note]").click()
    reply(desk, "已经有三位客户收到同样的消息。")
    expect(desk.locator("[data-thread] .note")).to_have_count(1)
    expect(desk.locator("[data-thread] .secret")).to_have_count(1)

    assert desk.viewport_size == {"width": 1440, "height": 900}
    assert desk.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert_sound(desk)


@pytest.mark.parametrize("dark", [False, True])
def test_the_desk_is_sound_on_a_phone(windows: Windows, dark: bool) -> None:
    desk = windows.agent("陳柏宇 Brian", phone=True, dark=dark)
    for pane in ("views", "list", "talk", "context"):
        desk.locator(f"[data-go={pane}]").click()
        assert_sound(desk)
    assert desk.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.fixture
def hours_to_change(product: Product) -> Iterator[None]:
    yield
    product.django(OPEN_ALWAYS)


@pytest.mark.usefixtures("hours_to_change")
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
    assert not found


@pytest.fixture
def long_names(product: Product) -> Iterator[None]:
    kept = product.django(LONG_NAMES).strip()
    assert json.loads(kept)
    yield
    product.django(USUAL_NAMES.format(kept=kept))


@pytest.mark.usefixtures("long_names")
@pytest.mark.parametrize("width", [320, 1440])
def test_the_longest_names_make_no_page_too_wide(windows: Windows, width: int) -> None:
    page = windows.open(phone=width == 320)
    page.set_viewport_size({"width": width, "height": 640})
    ref = ask(page, "名字很长的时候")
    found = {}
    for path in paths_in("en"):
        page.goto(path)
        if (sticks_out := page.evaluate(TOO_WIDE)) > 0:
            found[path] = sticks_out
    assert not found

    desk = windows.agent("陳柏宇 Brian", phone=width == 320)
    desk.set_viewport_size({"width": width, "height": 640})
    open_row(desk, ref)
    expect(desk.locator("[data-talk-topic]")).to_contain_text("账户与资产")
    assert desk.evaluate(TOO_WIDE) <= 0
    if width == 320:
        desk.locator("[data-go=list]").click()
        expect(desk.locator("[data-list]")).to_be_visible()
        assert desk.evaluate(TOO_WIDE) <= 0
