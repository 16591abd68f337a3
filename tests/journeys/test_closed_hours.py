"""L2, L3: out of hours the question is taken in, and the answer waits behind a private link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows
from tests.journeys.people import choose_topic, open_row, reply
from tests.product import CLOSED_TODAY, OPEN_ALWAYS, Product

pytestmark = pytest.mark.journey


@pytest.fixture
def closed(product: Product):
    product.django(CLOSED_TODAY)
    yield
    product.django(OPEN_ALWAYS)


@pytest.mark.usefixtures("closed")
def test_closed_hours_to_private_link_to_answer(windows: Windows) -> None:
    customer = windows.open(zone="Asia/Tokyo")
    customer.goto("/zh-hans/chat/")
    expect(customer.locator("[data-chat]")).to_contain_text("东京时间")
    choose_topic(customer, "account")
    customer.locator("#chat-question").fill("夜里充的币没到账")
    customer.locator("[data-view=question] [data-send]").click()
    expect(customer.locator("[data-link-box]")).to_be_visible()
    link = customer.locator("#chat-link").input_value()
    ref = str(customer.locator("[data-chat]").get_attribute("data-ref"))

    desk = windows.agent("林晚晴 Winnie")
    open_row(desk, ref)
    reply(desk, "早上好，这笔已经入账。")
    expect(desk.locator("[data-thread]")).to_contain_text("已经入账")

    elsewhere = windows.open(phone=True)
    elsewhere.goto(link)
    expect(elsewhere.locator("[data-log]")).to_contain_text("这笔已经入账")
    assert link.rsplit("/", 2)[-2] not in elsewhere.url
    elsewhere.locator("[data-chat] .composer textarea").fill("收到，谢谢")
    elsewhere.locator("[data-chat] .composer button[type=submit]").click()
    expect(desk.locator("[data-thread]")).to_contain_text("收到，谢谢")


@pytest.mark.usefixtures("closed")
def test_the_contact_page_tells_the_next_opening_in_the_visitors_own_zone(windows: Windows) -> None:
    visitor = windows.open(zone="America/New_York", locale="en-US")
    visitor.goto("/en/contact/")

    expect(visitor.locator("main")).to_contain_text("New York")


LET_A_MINUTE_PASS = """
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult
DBTaskResult.objects.filter(status="READY", task_path__endswith="announce_answer").update(run_after=now())
"""


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
    reply(desk, "这笔提币已经广播，请稍等。")
    expect(desk.locator("[data-thread]")).to_contain_text("已经广播")
    product.django(LET_A_MINUTE_PASS)
    find_letter(mailbox, f"你的问题有回复了（{ref}）")
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


def find_letter(mailbox: Page, subject: str) -> None:
    """Open the letter, once it is there."""
    for _ in range(40):
        mailbox.goto("/demo/outbox/")
        found = mailbox.get_by_role("link", name=subject)
        if found.count():
            found.first.click()
            return
        mailbox.wait_for_timeout(250)
    raise AssertionError(f"No letter came: {subject}")
