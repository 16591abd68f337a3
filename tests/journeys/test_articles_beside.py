"""L5: an agent finds an article beside the reply, reads it and puts it into the answer, without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Windows, assert_sound
from tests.journeys.people import ask, open_row, write
from tests.product import Product

pytestmark = pytest.mark.journey
ARTICLES = "**/desk/conversation/*/articles/"
STAFF_ONLY = """
from kefu.helpcentre.models import Article
from kefu.helpcentre.searchable import ARTICLES
from kefu.search.actions import reindex
Article.objects.filter(slug="slippage").update(audience="staff")
reindex(source=ARTICLES)
"""
FOR_EVERYBODY = STAFF_ONLY.replace('"staff"', '"public"')
TURNED = (
    "from kefu.accounts.models import Agent; Agent.objects.filter(name='林晚晴 Winnie').update(role='{}')"
)

# As fast as somebody types, by the page's own clock: a busy machine makes no pause in it.
TYPE = """async (letters) => {
  for (const letter of letters) {
    document.execCommand("insertText", false, letter);
    await new Promise((done) => setTimeout(done, 40));
  }
}"""


def options(desk: Page):
    return desk.locator("[data-articles] [role=option]")


def chosen(desk: Page):
    return desk.locator("[data-articles] [role=option][aria-selected=true]")


def test_an_article_is_found_read_and_sent_with_the_keyboard_alone(windows: Windows) -> None:
    desk, customer = windows.agent("林晚晴 Winnie"), windows.open()
    open_row(desk, ask(customer, "充币没到账"))
    answer = desk.locator("#answer")
    desk.keyboard.press("r")
    desk.keyboard.type("你好，先看这篇：")
    desk.keyboard.press("Escape")

    desk.keyboard.press(":")
    expect(desk.locator("#find-article")).to_be_focused()
    expect(options(desk).first).to_contain_text("充币还没到账，先查这三件事")
    assert_sound(desk)
    with desk.expect_response(ARTICLES) as answered:
        desk.evaluate(TYPE, "tixian shenhe")
    assert answered.value.request.post_data_json == {"words": "tixian shenhe"}
    expect(chosen(desk)).to_contain_text("审核中")
    second = str(options(desk).nth(1).get_attribute("id"))
    desk.keyboard.press("ArrowDown")
    expect(chosen(desk)).to_have_id(second)
    desk.keyboard.press("ArrowUp")
    title = chosen(desk).locator("b").inner_text()
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-articles] h3")).to_have_text(title)
    expect(desk.locator("[data-put=reply]")).to_be_focused()
    assert_sound(desk)
    desk.keyboard.press("Escape")
    expect(desk.locator("#find-article")).to_have_value("tixian shenhe")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-put=reply]")).to_be_focused()
    desk.keyboard.press("Enter")

    expect(answer).to_be_focused()
    address = str(desk.locator("[data-articles] [data-address]").get_attribute("data-address"))
    assert "/zh-hans/articles/" in address
    expect(answer).to_have_value(f"你好，先看这篇：\n{title}\n{address}\n")
    saved = desk.locator("[data-draft-state]")
    expect(saved).to_have_text(str(saved.get_attribute("data-saved")))
    desk.keyboard.press("Control+Enter")
    expect(customer.locator(f"[data-log] a[href='{address}']")).to_be_visible()


def test_what_is_for_staff_alone_is_put_into_a_note_only(windows: Windows, product: Product) -> None:
    product.django(STAFF_ONLY)
    try:
        desk = windows.agent("林晚晴 Winnie")
        open_row(desk, ask(windows.open(), "滑点是什么"))
        desk.keyboard.press(":")
        expect(desk.locator("[data-articles-about]")).not_to_be_empty()
        with desk.expect_response(ARTICLES):
            desk.evaluate(TYPE, "滑点")
        expect(desk.locator("[data-articles-about]")).to_contain_text("查找结果")
        expect(chosen(desk)).to_contain_text("仅限员工")
        desk.keyboard.press("Enter")

        expect(desk.locator("[data-put=note]")).to_be_focused()
        expect(desk.locator("[data-put=reply]")).to_have_count(0)
        desk.keyboard.press("Enter")
        expect(desk.locator("[data-composer]")).to_have_attribute("data-mode", "note")
        assert "/slippage/" in desk.locator("#answer").input_value()
    finally:
        product.django(FOR_EVERYBODY)


def test_who_only_reads_goes_on_in_the_thread_when_the_articles_are_closed(
    windows: Windows, product: Product
) -> None:
    ref = ask(windows.open(), "充币没到账")
    desk = windows.agent("林晚晴 Winnie")
    product.django(TURNED.format("auditor"))
    try:
        desk.goto(f"/desk/open/{ref}/")
        expect(desk.locator("[data-thread]")).to_be_visible()
        expect(desk.locator("[data-composer]")).to_be_hidden()
        desk.keyboard.press(":")
        expect(desk.locator("#find-article")).to_be_focused()

        desk.keyboard.press("Escape")

        expect(desk.locator("[data-thread]")).to_be_focused()
    finally:
        product.django(TURNED.format("agent"))


def test_typing_asks_once_a_pause_and_what_fails_is_said_and_loses_nothing(windows: Windows) -> None:
    desk, customer = windows.agent("林晚晴 Winnie"), windows.open()
    first, second = ask(customer, "在吗"), ask(windows.open(), "还有我")
    open_row(desk, first)
    desk.locator("[data-articles-open]").click()
    expect(desk.locator("[data-articles-about]")).not_to_be_empty()
    asked: list[object] = []

    def fail(route: Route) -> None:
        asked.append(route.request.post_data_json)
        route.abort("internetdisconnected")

    desk.route(ARTICLES, fail)
    desk.evaluate(TYPE, "充币到账")
    expect(desk.locator("[data-articles-problem]")).to_be_visible()
    assert asked == [{"words": "充币到账"}]
    desk.unroute(ARTICLES)
    desk.keyboard.press("Enter")
    expect(options(desk).first).to_be_visible()
    expect(desk.locator("[data-articles-problem]")).to_be_hidden()
    desk.keyboard.press("Escape")
    expect(desk.locator("#answer")).to_be_focused()
    desk.keyboard.press("Escape")
    desk.keyboard.press(":")
    expect(desk.locator("#find-article")).to_have_value("充币到账")
    expect(options(desk).first).to_be_visible()

    desk.locator("#find-article").fill(
        "legal winner thank year wave sausage worth useful legal winner thank yellow"
    )
    expect(desk.locator("[data-articles-problem]")).to_be_visible()
    expect(desk.locator("#find-article")).to_have_value("")
    write(customer, "还在吗")
    expect(desk.locator("[data-thread]")).to_contain_text("还在吗")
    open_row(desk, second)
    expect(desk.locator("[data-articles]")).to_be_hidden()
    expect(desk.locator("[data-context]")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_articles_take_the_whole_pane_and_lead_back(windows: Windows, dark: bool) -> None:
    ref = ask(windows.open(), "充币没到账")
    desk = windows.agent("林晚晴 Winnie", phone=True, dark=dark)
    desk.goto(f"/desk/open/{ref}/")
    desk.locator("[data-articles-open]").tap()
    options(desk).first.tap()
    expect(desk.locator("[data-articles] h3")).to_contain_text("充币还没到账")
    assert desk.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert_sound(desk)
    desk.locator("[data-put=reply]").tap()

    expect(desk.locator("#answer")).to_be_focused()
    assert desk.locator("#answer").input_value().startswith("充币还没到账，先查这三件事\n")
    desk.locator("[data-articles-open]").tap()
    desk.locator("[data-go=context]").tap()
    expect(desk.locator("[data-context]")).to_be_visible()
