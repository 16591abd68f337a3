"""W1, L5: what somebody read before they asked goes to the agent with the question, and they are told so."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Windows, assert_sound
from tests.journeys.people import choose_topic, open_row

pytestmark = pytest.mark.journey


def test_the_agent_sees_which_articles_were_read_and_what_was_searched(windows: Windows) -> None:
    customer = windows.open(phone=True)
    customer.goto("/zh-hans/search/?q=充币没到账")
    expect(customer.locator("ol.results")).to_be_visible()
    customer.goto("/zh-hans/search/?q=我的密码是 hunter2hunter2")
    customer.goto("/zh-hans/search/?q=充币没到账")
    customer.locator("ol.results a").first.click()
    expect(customer.locator("[data-read=deposit-not-here]")).to_be_visible()

    customer.locator(".side [data-open-chat]").click()
    expect(customer.locator("[data-view=question] [data-trail]")).to_be_visible()
    assert_sound(customer)
    customer.locator("#chat-question").fill("读完了还是没到账")
    customer.locator("[data-view=question] [data-send]").click()
    expect(customer.locator("[data-log]")).to_contain_text("读完了还是没到账")
    ref = str(customer.locator("[data-chat]").get_attribute("data-ref"))

    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, ref)
    steps = desk.locator("[data-context] [data-trail] :is(a, p)")
    expect(steps).to_have_count(2)
    expect(desk.locator("[data-context] [data-case] h2")).to_have_text("充币未到账")
    expect(steps.nth(0)).to_contain_text("搜索过「充币没到账」")
    expect(steps.nth(1)).to_contain_text("充币还没到账，先查这三件事")
    assert_sound(desk)
    with desk.context.expect_page() as opened:
        steps.nth(1).click()
    expect(opened.value.locator("h1")).to_have_text("充币还没到账，先查这三件事")


def test_a_customer_may_leave_out_what_they_read(windows: Windows) -> None:
    customer = windows.open(locale="en-GB")
    customer.goto("/en/articles/deposit-not-here/")
    customer.locator(".site-tools [data-open-chat]").click()
    choose_topic(customer, "account")

    customer.get_by_role("button", name="Leave that out").click()
    expect(customer.locator("[data-view=question] [data-trail]")).to_be_hidden()
    expect(customer.locator("#chat-question")).to_be_focused()
    customer.locator("#chat-question").fill("Only this, please")
    customer.locator("[data-view=question] [data-send]").click()
    expect(customer.locator("[data-log]")).to_contain_text("Only this, please")

    desk = windows.agent("何思恩 Grace")
    open_row(desk, str(customer.locator("[data-chat]").get_attribute("data-ref")))
    expect(desk.locator("[data-context] [data-trail]")).to_be_hidden()


def test_who_chooses_another_topic_came_for_something_else(windows: Windows) -> None:
    customer = windows.open()
    customer.goto("/zh-hans/articles/sent-but-not-received/")
    customer.locator(".side [data-open-chat]").click()
    box = customer.locator("[data-view=question]")
    box.locator("[data-back]").click()
    choose_topic(customer, "trading")
    box.locator("#chat-question").fill("其实想问限价单")
    box.locator("[data-send]").click()
    expect(customer.locator("[data-log]")).to_contain_text("其实想问限价单")

    desk = windows.agent("何思恩 Grace")
    open_row(desk, str(customer.locator("[data-chat]").get_attribute("data-ref")))
    expect(desk.locator("[data-context] [data-trail] a")).to_have_count(1)
    expect(desk.locator("[data-context] [data-case]")).to_be_hidden()


def test_a_reader_says_why_it_did_not_help_and_the_editor_reads_it(windows: Windows) -> None:
    reader = windows.open(phone=True)
    reader.goto("/zh-hans/articles/withdrawal-under-review/")
    box = reader.locator("[data-feedback]")
    with reader.expect_response("**/feedback/said/"):
        box.get_by_role("button", name="没解决").click()
    expect(box.get_by_role("button", name="没解决")).to_have_attribute("aria-pressed", "true")
    expect(box.get_by_role("link", name="问客服")).to_be_visible()
    assert_sound(reader)
    box.get_by_label("和我看到的不一样").check()
    box.get_by_label("想说的话").fill("记录页里没有「审核中」，密码是 hunter2hunter2")
    box.get_by_role("button", name="发送").click()
    expect(box.locator("[data-said=explained]")).to_be_focused()

    desk = windows.agent("苏予安 Joanna")
    desk.goto("/desk/articles/voices/")
    voice = desk.locator(".voices li", has_text="记录页里没有")
    expect(voice).to_contain_text("和我看到的不一样")
    expect(voice).not_to_contain_text("hunter2")
    assert_sound(desk)
    voice.get_by_role("button", name="处理完了").click()
    expect(desk.locator(".voices li", has_text="记录页里没有")).to_have_count(0)
    desk.goto("/desk/articles/reports/?days=7")
    row = desk.locator(".report-table tr", has_text="提币一直显示").first
    expect(row.locator("td").nth(0)).to_have_text("1")
    expect(row.locator("td").nth(1)).to_have_text("0%")
    assert_sound(desk)


def test_a_reader_who_changes_their_mind_has_one_voice_and_hears_of_a_lost_line(windows: Windows) -> None:
    reader = windows.open(locale="en-GB")
    # Not the one whose voices are counted above.
    reader.goto("/en/articles/sent-but-not-received/")
    box = reader.locator("[data-feedback]")

    reader.context.set_offline(True)
    box.get_by_role("button", name="Yes, it did").click()
    expect(box.locator("[data-problem]")).to_contain_text("no connection")
    expect(box.get_by_role("button", name="Yes, it did")).not_to_have_attribute("aria-pressed", "true")
    reader.context.set_offline(False)
    box.get_by_role("button", name="Not solved yet").press("Space")
    expect(box.locator("[data-why]")).to_be_visible()
    box.get_by_role("button", name="Yes, it did").click()

    expect(box.locator("[data-said=helpful]")).to_be_visible()
    expect(box.locator("[data-why]")).to_be_hidden()
    expect(box.locator("[data-problem]")).to_be_hidden()


def test_a_part_of_an_article_has_an_address_and_the_whole_has_a_paper_form(windows: Windows) -> None:
    reader = windows.open(locale="en-GB")
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.goto("/en/articles/deposit-not-here/")

    reader.get_by_role("button", name="Copy the link to: ").first.click()
    expect(reader.locator(".toast")).to_have_text("Link copied")
    address = reader.evaluate("navigator.clipboard.readText()")
    assert "/en/articles/deposit-not-here/#s-" in address
    reader.goto(address)
    expect(reader.locator(":target")).to_be_in_viewport()

    reader.emulate_media(media="print")
    for gone in (".site-header", ".site-footer", ".side", ".helpful", ".article .tabs"):
        expect(reader.locator(gone).first).to_be_hidden()
    for panel in reader.locator(".article [role=tabpanel]").all():
        expect(panel).to_be_visible()
