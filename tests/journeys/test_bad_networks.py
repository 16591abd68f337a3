"""H1, H2: networks drop, sockets die, and nothing is lost or said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Windows
from tests.journeys.people import ask, bubbles, choose_topic, open_row, reply, write
from tests.product import CLOSED_TODAY, OPEN_ALWAYS, Product

pytestmark = pytest.mark.journey
OPEN = "**/chat/open/"


@pytest.fixture
def closed(product: Product) -> Iterator[None]:
    product.django(CLOSED_TODAY)
    yield
    product.django(OPEN_ALWAYS)


def test_a_customer_loses_the_network_in_mid_sentence_and_comes_back(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    ref = ask(customer, "充值还没到账")
    open_row(desk, ref)

    customer.locator("#chat-message").press_sequentially("断网时")
    customer.context.set_offline(True)
    expect(customer.locator("[data-strip=offline]")).to_be_visible()
    customer.locator("#chat-message").press_sequentially("写的一句")
    customer.locator("#chat-message").press("Enter")
    expect(customer.locator(".message.unsent")).to_contain_text("断网时写的一句")
    reply(desk, "客服在断网时的回复")
    expect(desk.locator("[data-thread]")).to_contain_text("客服在断网时的回复")
    customer.context.set_offline(False)

    expect(customer.locator("[data-log]")).to_contain_text("客服在断网时的回复", timeout=40_000)
    expect(desk.locator("[data-thread]")).to_contain_text("断网时写的一句", timeout=40_000)
    expect(customer.locator(".message.unsent")).to_have_count(0)
    assert bubbles(customer).count("断网时写的一句") == 1
    assert sorted(bubbles(customer)) == sorted(bubbles(desk))


def test_what_was_not_sent_is_kept_over_a_reload_and_sent_once(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    ref = ask(customer, "先问一句")
    open_row(desk, ref)
    customer.context.set_offline(True)
    write(customer, "关掉之前写的")
    expect(customer.locator(".message.unsent")).to_have_count(1)

    customer.context.set_offline(False)
    customer.goto("/zh-hans/chat/")

    expect(desk.locator("[data-thread]")).to_contain_text("关掉之前写的", timeout=30_000)
    expect(customer.locator(".message.unsent")).to_have_count(0)
    assert bubbles(desk).count("关掉之前写的") == 1


@pytest.mark.usefixtures("closed")
def test_a_first_question_is_kept_over_a_reload_with_the_address_beside_it(windows: Windows) -> None:
    customer = windows.open()
    customer.goto("/zh-hans/chat/")
    choose_topic(customer, "account")
    customer.route(OPEN, lambda route: route.abort("internetdisconnected"))
    customer.locator("#chat-question").fill("断网时问的第一句")
    customer.locator("#chat-email").fill(
        "legal winner thank year wave sausage worth useful legal winner thank yellow"
    )
    customer.locator("[data-view=question] [data-send]").click()
    expect(customer.locator("[data-kept]")).to_be_visible()
    assert "sausage" not in customer.evaluate("JSON.stringify({ ...localStorage })")
    customer.locator("#chat-email").fill("lin.xiaomei@mail.example")
    customer.locator("[data-view=question] [data-send]").click()
    expect(customer.locator("[data-kept]")).to_be_visible()

    customer.reload()

    expect(customer.locator("#chat-question")).to_have_value("断网时问的第一句")
    expect(customer.locator("#chat-email")).to_have_value("lin.xiaomei@mail.example")
    # What the page tried by itself has failed, so that it is tried once more.
    expect(customer.locator("[data-kept]")).to_be_visible()
    customer.unroute(OPEN)
    with customer.expect_response(OPEN) as asked:
        customer.evaluate("dispatchEvent(new Event('online'))")
    assert asked.value.request.post_data_json["email"] == "lin.xiaomei@mail.example"
    expect(customer.locator("[data-log]")).to_contain_text("断网时问的第一句")


def test_what_is_being_written_goes_along_to_the_next_page_but_never_a_secret(windows: Windows) -> None:
    customer = windows.open()
    customer.goto("/zh-hans/")
    customer.locator(".site-tools [data-open-chat]").click()
    choose_topic(customer, "account")
    question = customer.locator("#chat-question")
    question.fill("提币审核多久？legal winner thank year wave sausage worth useful legal winner thank yellow")

    customer.goto("/zh-hans/contact/")

    expect(question).to_be_visible()
    expect(question).to_have_value(re.compile("提币审核多久？"))
    assert "sausage" not in customer.evaluate("JSON.stringify({ ...sessionStorage })")
    question.fill("提币审核多久？")
    customer.locator("[data-view=question] [data-send]").click()
    expect(customer.locator("[data-log]")).to_contain_text("提币审核多久？")
    customer.locator("#chat-message").fill("还没写完的一句")
    customer.reload()
    expect(customer.locator("#chat-message")).to_have_value("还没写完的一句")
    write(customer, "写完了")
    expect(customer.locator(".message.mine")).to_have_count(2)
    customer.reload()
    expect(customer.locator("[data-log]")).to_contain_text("写完了")
    expect(customer.locator("#chat-message")).to_have_value("")


def test_an_agent_whose_socket_died_sees_what_the_customer_said_meanwhile(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    ref = ask(customer, "你好")
    open_row(desk, ref)

    desk.context.set_offline(True)
    expect(desk.locator("[data-link]")).to_be_visible()
    write(customer, "客服掉线时说的话")
    expect(customer.locator("[data-log]")).to_contain_text("客服掉线时说的话")
    desk.context.set_offline(False)

    expect(desk.locator("[data-thread]")).to_contain_text("客服掉线时说的话", timeout=40_000)
    expect(desk.locator(f"a.item[data-ref='{ref}']")).to_contain_text("客服掉线时说的话")


def test_a_stale_reply_is_held_back_until_the_agent_has_read_what_is_new(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    ref = ask(customer, "我要撤销这笔")
    open_row(desk, ref)
    desk.context.set_offline(True)
    expect(desk.locator("[data-link]")).to_be_visible()
    reply(desk, "已经帮你撤销了")
    write(customer, "等等，我改主意了")
    expect(customer.locator("[data-log] .message.mine:not(.unsent)")).to_have_count(2)

    desk.context.set_offline(False)

    expect(desk.locator("[data-stale]")).to_be_visible(timeout=40_000)
    expect(desk.locator("[data-thread]")).to_contain_text("等等，我改主意了")
    assert "已经帮你撤销了" not in bubbles(customer)
    desk.locator("[data-stale-send]").click()
    expect(customer.locator("[data-log]")).to_contain_text("已经帮你撤销了")


# Nor in a worker, where no script of ours comes.
NO_SOCKETS = """
delete window.SharedWorker;
window.WebSocket = class {
    constructor() { setTimeout(() => { this.onerror?.(); this.onclose?.({ code: 1006 }); }, 1); }
    send() {}
    close() {}
};
"""


def test_where_no_socket_goes_through_both_sides_hear_each_other_all_the_same(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    desk.context.add_init_script(NO_SOCKETS)
    desk.reload()
    customer = windows.open(phone=True)
    customer.context.add_init_script(NO_SOCKETS)

    ref = ask(customer, "公司网络挡住了 WebSocket")
    open_row(desk, ref)
    reply(desk, "没关系，照样收得到。")
    expect(customer.locator("[data-log]")).to_contain_text("照样收得到", timeout=20_000)
    write(customer, "收到了，谢谢")
    expect(desk.locator("[data-thread]")).to_contain_text("收到了，谢谢", timeout=20_000)

    expect(customer.locator(".message.unsent")).to_have_count(0)
    expect(desk.locator("[data-link]")).to_be_hidden()
    assert bubbles(customer) == bubbles(desk)
