"""An article from its first word to its reader, by two editors who get in each other's way."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import WITHIN, Windows, assert_sound

pytestmark = pytest.mark.journey

ADDRESS = "journey-of-an-editor"
SEEN_WITHIN = 1.0
TEXT = """等待确认即可，大多数情况不用做任何事。

::: web 网页
1. 打开「资产」。
:::

::: app 星海 App
1. 点「资产」。
:::

**注意：**不要再充第二笔。
"""


def open_articles(windows: Windows, name: str, *, knowledge: str, articles: str) -> Page:
    """The way there from the desk, by its links."""
    desk = windows.agent(name)
    desk.get_by_role("link", name=knowledge).click()
    desk.get_by_role("link", name=articles, exact=True).click()
    expect(desk.locator("h1")).to_have_text(articles)
    return desk


def told(page: Page) -> Locator:
    return page.get_by_role("status").first


def begin(editor: Page) -> None:
    """A frame, then the first words, with the preview following; sent to review."""
    editor.get_by_role("link", name="New article").click()
    editor.get_by_label("Address").fill(ADDRESS)
    editor.locator("[name=owners-zh-hans]").fill("充提团队")
    assert_sound(editor)
    editor.get_by_role("button", name="Go on to the words").click()
    editor.get_by_label("Title").fill("第一个标题")
    editor.locator("#source").fill("::: care\n没有结尾")
    expect(editor.locator("[data-preview] [role=alert]")).to_contain_text("Line 1:")
    editor.locator("#source").fill(TEXT)
    preview = editor.locator("[data-preview]")
    expect(preview.locator("strong")).to_have_text("注意：")
    preview.get_by_role("tab", name="星海 App").click()
    expect(preview.get_by_text("点「资产」。")).to_be_visible()
    expect(preview.get_by_text("打开「资产」。")).to_be_hidden()
    editor.get_by_label("Summary").fill("大多数充值只需要等。")
    editor.get_by_label("How people ask for it").fill("没到账\n充值不见了\n怎么还没到")
    assert_sound(editor)
    editor.get_by_role("button", name="Save and send to review").click()
    expect(told(editor)).to_contain_text("Sent to review")


def publish(editor: Page) -> None:
    assert_sound(editor)
    editor.get_by_role("button", name="Publish", exact=True).click()
    expect(told(editor)).to_contain_text("Published")


def seconds_until_read(reader: Page, words: str) -> float:
    """From now on until the last reader who asked in vain; they ask again and again.

    How long a busy machine takes over an answer says nothing of how old it is.
    """
    began, in_vain = time.monotonic(), 0.0
    while (asked := time.monotonic() - began) < WITHIN:
        if words in reader.request.get(f"/zh-hans/articles/{ADDRESS}/").text():
            return in_vain
        in_vain = asked
    raise AssertionError(f"No reader ever saw {words}")


def test_an_article_goes_from_its_first_word_to_its_reader(windows: Windows) -> None:
    editor = open_articles(windows, "何思恩 Grace", knowledge="Knowledge", articles="Articles")
    reader = windows.open()
    assert_sound(editor)
    begin(editor)
    reader.goto(f"/zh-hans/articles/{ADDRESS}/")
    expect(reader.locator("main")).not_to_contain_text("大多数情况不用做任何事")

    editor.get_by_role("link", name=re.compile("^Publish")).click()
    publish(editor)

    seconds = [seconds_until_read(reader, "大多数情况不用做任何事")]
    article = editor.url
    both_save(windows, editor, article)
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("h1")).to_contain_text("revision 3")
    editor.get_by_label(re.compile("A rule, figure or step")).check()
    publish(editor)
    seconds.append(seconds_until_read(reader, "先等待确认即可"))
    # A busy machine can only add to it.
    assert min(seconds) < SEEN_WITHIN

    archive(editor, article)
    reader.goto(f"/zh-hans/articles/{ADDRESS}/")
    expect(reader.locator("main")).not_to_contain_text("先等待确认")
    unexpected = re.compile("409|422|404")
    assert [trouble for trouble in windows.troubles if not unexpected.search(trouble)] == []
    windows.troubles.clear()


def both_save(windows: Windows, editor: Page, article: str) -> None:
    """The second is told who was faster, sees what differs, and has all that was typed."""
    writer = open_articles(windows, "陳柏宇 Brian", knowledge="知識庫", articles="文章")
    writer.goto(f"{article}zh-hans/")
    editor.goto(f"{article}zh-hans/")
    writer.locator("#source").fill(TEXT.replace("任何事", "任何事情"))
    writer.keyboard.press("Control+s")
    expect(told(writer)).to_contain_text("第 2 版")
    editor.locator("#source").fill(TEXT.replace("等待确认", "先等待确认"))
    editor.keyboard.press("Control+s")
    warning = editor.locator(".banner[role=alert]")
    expect(warning).to_contain_text("陳柏宇 Brian saved revision 2")
    expect(editor.locator(".difference ins").first).to_have_text("先")
    expect(editor.locator("#source")).to_have_value(re.compile("^先等待确认"))
    assert_sound(editor)


def archive(editor: Page, article: str) -> None:
    editor.goto(f"{article}zh-hans/revisions/2/")
    assert_sound(editor)
    editor.goto(article)
    editor.get_by_role("link", name=re.compile("^Archive")).click()
    assert_sound(editor)
    editor.get_by_role("button", name="Archive").click()
    expect(told(editor)).to_contain_text("Archived")


@pytest.mark.parametrize(("phone", "dark"), [(True, False), (False, True)])
def test_the_editors_pages_are_sound(windows: Windows, phone: bool, dark: bool) -> None:
    editor = windows.agent("何思恩 Grace", phone=phone, dark=dark)
    editor.goto("/desk/articles/?q=deposit-not-here")
    first = editor.locator(".article-list a.row-title").first.get_attribute("href")
    parts = ("", "frame/", "zh-hans/", "en/", "zh-hant/revisions/", "zh-hant/revisions/1/", "archived/")
    pages = [f"{first}{part}" for part in parts]
    of_all = (
        "",
        "new/",
        "facts/",
        "facts/new/",
        "facts/of/name/",
        "facts/history/",
        "pictures/",
        "addresses/",
    )
    pages += [f"/desk/articles/{part}" for part in of_all]
    for path in [*pages, "/desk/reading/", "/desk/reading/?q=USDT", "/desk/reading/deposit-not-here/"]:
        editor.goto(path)
        expect(editor.locator("h1")).to_have_count(1)
        assert_sound(editor)
        assert editor.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
