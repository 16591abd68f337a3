"""W1, W2, L1, L2, H4, H6: a customer reads, does not find the answer, asks, and is answered by a person."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import WITHIN, Windows, assert_sound
from tests.journeys.people import ask, bubbles, choose_topic, open_row, reply, write
from tests.journeys.stories import read_ask_and_be_answered

pytestmark = pytest.mark.journey


def test_from_an_article_to_an_answer_on_a_desktop_in_simplified_chinese(windows: Windows) -> None:
    read_ask_and_be_answered(windows)


def test_the_same_on_a_phone_in_english_in_another_zone(windows: Windows) -> None:
    desk = windows.agent("何思恩 Grace")
    customer = windows.open(phone=True, locale="en-GB", zone="Europe/London")
    customer.goto("/en/")
    customer.get_by_role("link", name="deposit", exact=False).first.click()
    customer.locator("[data-open-chat]:visible").first.click()
    choose_topic(customer, "account")
    customer.locator("#chat-question").fill("My deposit has not arrived")
    customer.locator("[data-view=question] [data-send]").click()
    expect(customer.locator("[data-log]")).to_contain_text("My deposit has not arrived")
    ref = str(customer.locator("[data-chat]").get_attribute("data-ref"))

    open_row(desk, ref)
    expect(desk.locator("[data-context]")).to_contain_text("London time")
    desk.locator("#answer").press_sequentially("Hello", delay=20)
    expect(customer.locator(".typing")).to_be_visible()
    reply(desk, "Hello, I am looking at it now.")

    expect(customer.locator("[data-log]")).to_contain_text("I am looking at it now")
    expect(customer.locator("[data-log]")).to_contain_text("Grace")
    expect(customer.locator("[data-chat] [data-zone-name]")).to_contain_text("London")
    expect(desk.locator("[data-thread] .message.mine")).to_contain_text("Seen")
    customer.locator("#chat-message").press_sequentially("Th", delay=20)
    expect(desk.locator("[data-typing]")).to_contain_text("typing")
    write(customer, "Thank you, I will wait.")
    expect(desk.locator("[data-thread]")).to_contain_text("Thank you, I will wait.")
    expect(customer.locator("[data-log] .message.mine").last).to_contain_text("Seen")
    assert bubbles(customer) == bubbles(desk)

    desk.locator("[data-resolve]").click()
    expect(customer.locator("[data-log]")).to_contain_text("resolved")
    assert_sound(customer)
    width = customer.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_two_clicks_while_the_chat_is_on_its_way_bring_one_window(windows: Windows) -> None:
    customer = windows.open()
    customer.goto("/zh-hans/")
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    customer.route("**/chat/panel/**", hold)
    with customer.expect_request("**/chat/panel/**"):
        customer.locator(".site-tools [data-open-chat]").dblclick()
    # A page asks before it is heard here; what the second click asked would be heard of soon after.
    ends = time.monotonic() + WITHIN
    while not asked:
        assert time.monotonic() < ends
        customer.wait_for_timeout(20)
    customer.wait_for_timeout(200)

    for route in asked:
        route.continue_()
    for route in asked:
        assert route.request.response()

    expect(customer.locator("[data-chat][data-ready]")).to_be_visible()
    expect(customer.locator("[data-chat]")).to_have_count(1)


def test_a_customer_who_comes_back_finds_the_whole_conversation(windows: Windows) -> None:
    customer = windows.open()
    ask(customer, "第一句话，过会儿再来")
    write(customer, "第二句")
    expect(customer.locator("[data-log]")).to_contain_text("第二句")
    before = bubbles(customer)

    customer.goto("/zh-hans/")
    customer.goto("/zh-hans/chat/")

    expect(customer.locator("[data-log]")).to_contain_text("第二句")
    assert bubbles(customer) == before


def test_a_note_stays_behind_the_counter(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    ref = ask(customer, "有人能看一下吗")
    open_row(desk, ref)

    desk.locator("body").press("n")
    desk.locator("#answer").fill("内部：已转给钱包组")
    desk.locator("#answer").press("Control+Enter")
    expect(desk.locator("[data-thread] .note")).to_contain_text("已转给钱包组")
    desk.locator("[data-mode-of=reply]").click()
    reply(desk, "在处理了")

    expect(customer.locator("[data-log]")).to_contain_text("在处理了")
    assert "钱包组" not in customer.content()


def test_who_answers_is_named_above_and_the_brand_again_when_nobody_does(windows: Windows) -> None:
    desk, customer = windows.agent("林晚晴 Winnie"), windows.open()
    ref = ask(customer, "有人吗")
    title = customer.locator("[data-title]")
    of_brand = title.text_content() or ""
    open_row(desk, ref)
    reply(desk, "在的")
    expect(title).to_have_text("林晚晴 Winnie")
    expect(customer.locator("[data-whose]")).to_be_visible()

    desk.locator("[data-assignee]").select_option("")

    expect(title).to_have_text(of_brand)
    expect(customer.locator("[data-whose]")).to_be_hidden()


def test_who_answers_without_being_of_the_team_is_seen_to_have_it(windows: Windows) -> None:
    desk = windows.agent("苏予安 Joanna", view="open")
    ref = ask(windows.open(), "有管理员在吗")
    open_row(desk, ref)
    chosen = desk.locator("[data-assignee] option:checked")
    expect(chosen).to_have_attribute("value", "")
    reply(desk, "我来看")

    expect(chosen).to_have_text("苏予安 Joanna")
    expect(desk.locator("[data-assignee] option", has_text="苏予安 Joanna")).to_have_count(1)
    desk.reload()
    expect(chosen).to_have_text("苏予安 Joanna")
