"""L2, L3: out of hours the question is taken in, and the answer waits behind a private link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Windows, assert_sound
from tests.journeys.people import (
    ask,
    ask_the_state,
    choose_topic,
    open_row,
    reply,
    wait_until_open,
    write,
)
from tests.journeys.post import find_letter
from tests.product import CLOSED_TODAY, LET_A_MINUTE_PASS, OPEN_ALWAYS, Product

pytestmark = pytest.mark.journey


SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@pytest.fixture
def hours_to_change(product: Product) -> Iterator[None]:
    yield
    product.django(OPEN_ALWAYS)


@pytest.fixture
def closed(product: Product, hours_to_change: None) -> None:
    product.django(CLOSED_TODAY)


def next_opening(zone: str, *, tomorrow: str, weekdays: list[str]) -> re.Pattern[str]:
    """When CLOSED_TODAY opens, as it is said in a zone: "tomorrow 10:50", or by its weekday if that is further off there."""
    now = datetime.now(ZoneInfo(zone))
    day_in_shanghai = now.astimezone(SHANGHAI).date() + timedelta(days=1)
    opens = datetime.combine(day_in_shanghai, time(23, 50), SHANGHAI).astimezone(now.tzinfo)
    is_tomorrow = opens.date() - now.date() == timedelta(days=1)
    words = tomorrow if is_tomorrow else weekdays[opens.weekday()]
    return re.compile(rf"{words}.* {opens:%H:%M}")


@pytest.mark.usefixtures("closed")
def test_closed_hours_to_private_link_to_answer(windows: Windows, product: Product) -> None:
    customer = windows.open(zone="Asia/Tokyo")
    customer.goto("/zh-hans/chat/")
    expect(customer.locator("[data-chat]")).to_contain_text("东京时间")
    choose_topic(customer, "account")
    customer.locator("#chat-question").fill("夜里充的币没到账")
    customer.locator("[data-view=question] [data-send]").click()
    expect(customer.locator("[data-link-box]")).to_be_visible()
    link = customer.locator("#chat-link").input_value()
    ref = str(customer.locator("[data-chat]").get_attribute("data-ref"))
    write(customer, "走的 TRC20")
    expect(customer.locator("[data-link-box]")).to_be_hidden()

    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, ref)
    reply(desk, "早上好，这笔已经入账。")
    expect(desk.locator("[data-thread]")).to_contain_text("已经入账")

    elsewhere = windows.open(phone=True)
    elsewhere.goto(link)
    expect(elsewhere.locator("[data-log]")).to_contain_text("这笔已经入账")
    token = link.rsplit("/", 2)[-2]
    assert token not in elsewhere.url
    # Also one that opens nothing, which is logged.
    assert elsewhere.request.get(link.replace(token, f"{token}x")).status == 404
    product.wait_for("request answered with 404", 20)
    assert not any(token in line for line in product.log)
    elsewhere.locator("[data-chat] .composer textarea").fill("收到，谢谢")
    elsewhere.locator("[data-chat] .composer button[type=submit]").click()
    expect(desk.locator("[data-thread]")).to_contain_text("收到，谢谢")


@pytest.mark.usefixtures("closed")
def test_the_contact_page_tells_the_next_opening_in_the_visitors_own_zone(windows: Windows) -> None:
    visitor = windows.open(zone="America/New_York", locale="en-US")
    visitor.goto("/en/contact/")

    opens = next_opening(
        "America/New_York", tomorrow="opens tomorrow", weekdays=[f"opens {day}" for day in DAYS]
    )
    expect(visitor.locator("main .now [data-when=closed]:visible").last).to_have_text(opens)
    expect(visitor.locator("main .page-head")).to_contain_text("New York time")


def test_what_time_it_is_for_the_reader_stands_in_one_line_on_a_phone(windows: Windows) -> None:
    phone = windows.open(phone=True)
    phone.goto("/zh-hans/contact/")

    now = phone.locator("main [data-now]")
    expect(now).to_have_text(re.compile(r"^周. \d\d:\d\d$"))
    assert now.evaluate("(one) => one.getClientRects().length") == 1


@pytest.mark.usefixtures("hours_to_change")
def test_a_customer_who_writes_again_out_of_hours_is_told_that_nobody_is_there(
    windows: Windows, product: Product
) -> None:
    opens = next_opening("Asia/Tokyo", tomorrow="明天", weekdays=[f"周{day}" for day in "一二三四五六日"])
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open(phone=True, zone="Asia/Tokyo")
    open_row(desk, ask(customer, "充的币没到账"))
    reply(desk, "这笔已经入账了。")
    expect(customer.locator("[data-log]")).to_contain_text("已经入账")
    wait_until_open(customer)
    header, away = customer.locator(".chat > header"), customer.locator("[data-away]")
    expect(header).to_contain_text("林晚晴 Winnie")
    expect(header).to_contain_text("现在开放", use_inner_text=True)
    write(customer, "谢谢")
    expect(desk.locator("[data-thread]")).to_contain_text("谢谢")
    expect(away).to_be_hidden()
    reply(desk, "不客气。")
    expect(customer.locator("[data-log]")).to_contain_text("不客气")

    product.django(CLOSED_TODAY)
    ask_the_state(customer)

    expect(header).to_contain_text(opens, use_inner_text=True)
    expect(header).to_contain_text("林晚晴 Winnie")
    expect(header).not_to_contain_text("现在开放", use_inner_text=True)
    expect(header).not_to_contain_text("休息中", use_inner_text=True)
    expect(header).to_contain_text("不在服务时间", use_inner_text=True)
    expect(away).to_be_hidden()
    write(customer, "还有一笔也没到")
    expect(away).to_be_in_viewport()
    expect(away).to_contain_text(opens)
    expect(desk.locator("[data-thread]")).to_contain_text("还有一笔也没到")
    reply(desk, "这一笔也看到了。")
    expect(customer.locator("[data-log]")).to_contain_text("也看到了")
    expect(away).to_be_hidden()


def test_the_page_asks_who_is_there_when_somebody_takes_the_conversation(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    open_row(desk, ask(customer, "有人在吗"))

    with customer.expect_response("**/contact/state/", timeout=30_000) as asked:
        desk.locator("[data-take]").click()

    assert asked.value.ok
    expect(customer.locator(".chat > header")).to_contain_text("林晚晴 Winnie")
    expect(customer.locator(".chat > header")).to_contain_text("现在开放", use_inner_text=True)


@pytest.mark.usefixtures("hours_to_change")
def test_a_window_that_stays_open_over_closing_time_follows_the_hours(
    windows: Windows, product: Product
) -> None:
    windows.agent("林晚晴 Winnie")
    customer = windows.open(locale="en-GB")
    customer.goto("/en/chat/")
    choose_topic(customer, "account")
    wait_until_open(customer)
    expect(customer.locator(".chat > header")).to_contain_text("Open now", use_inner_text=True)
    expect(customer.locator("#chat-email")).to_be_hidden()

    product.django(CLOSED_TODAY)
    ask_the_state(customer)

    expect(customer.locator(".chat > header")).to_contain_text(
        "Closed, opens tomorrow 23:50", use_inner_text=True
    )
    expect(customer.locator("#chat-email")).to_be_visible()
    expect(customer.locator("[data-send]")).to_have_text("Leave it for us", use_inner_text=True)


@pytest.mark.usefixtures("closed")
def test_an_address_that_is_refused_is_said_at_its_own_box(windows: Windows) -> None:
    customer = windows.open()
    customer.goto("/zh-hans/chat/")
    choose_topic(customer, "account")
    customer.locator("#chat-question").fill("夜里充的币没到账")
    email = customer.locator("#chat-email")
    email.fill("lin.xiaomei@mail")
    customer.locator("[data-view=question] [data-send]").click()

    expect(email).to_be_focused()
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(email).to_have_accessible_description(re.compile("邮箱地址不完整"))
    expect(customer.locator("[data-problem]")).to_be_hidden()
    assert_sound(customer)
    email.fill("lin.xiaomei@mail.example")
    expect(email).to_have_attribute("aria-invalid", "false")
    expect(email).not_to_have_accessible_description(re.compile("邮箱地址不完整"))
    customer.locator("[data-view=question] [data-send]").click()
    expect(customer.locator("[data-log]")).to_contain_text("夜里充的币没到账")
    # The browser itself reports the refusal as an error.
    assert ["400" in trouble for trouble in windows.troubles] == [True]
    windows.troubles.clear()


@pytest.mark.usefixtures("closed")
def test_the_answer_is_announced_by_a_letter_whose_link_opens_it(windows: Windows, product: Product) -> None:
    customer = windows.open()
    customer.goto("/zh-hans/chat/")
    choose_topic(customer, "account")
    customer.locator("#chat-question").fill("半夜提的币没到账")
    customer.locator("#chat-email").fill("lin.xiaomei@mail.example")
    customer.locator("[data-view=question] [data-send]").click()
    expect(customer.locator("[data-link-box]")).to_be_visible()
    ref = str(customer.locator("[data-chat]").get_attribute("data-ref"))
    customer.close()

    mailbox = windows.open(phone=True)
    find_letter(mailbox, f"你的问题已收到（{ref}）")
    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, ref)
    context = desk.locator("[data-context]")
    expect(context.locator(".identity")).to_have_text("自称")
    expect(context.locator("[data-basis=typed]")).to_contain_text("自己填写了邮箱，没有核实过。")
    expect(context.locator(".facts")).to_contain_text("lin.xiaomei@mail.example · 自称")
    reply(desk, "这笔提币已经广播，请稍等。")
    expect(desk.locator("[data-thread] .message.mine:not(.unsent)")).to_contain_text("已经广播")
    product.django(LET_A_MINUTE_PASS)
    find_letter(mailbox, f"你的问题有回复了（{ref}）")
    expect(desk.locator("[data-mail]")).to_contain_text("回复通知：已发出")
    code = mailbox.locator("text=/消息码：/").first.inner_text().partition("：")[2]
    mailbox.get_by_role("link", name="查看回复").click()

    expect(mailbox.locator("[data-log]")).to_contain_text("这笔提币已经广播")
    mailbox.locator("[data-chat] .composer textarea").fill("好的，我等")
    mailbox.locator("[data-chat] .composer button[type=submit]").click()
    expect(desk.locator("[data-thread]")).to_contain_text("好的，我等")
    mailbox.goto("/zh-hans/check/")
    mailbox.locator("#code").fill(code.lower())
    mailbox.get_by_role("button", name="查验").click()
    expect(mailbox.locator(".answer.ok")).to_contain_text("l•••@m•••.example")
