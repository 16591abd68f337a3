"""Stories that are told more than once: on each database."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows, assert_sound
from tests.journeys.people import ask, bubbles, choose_topic, open_row, reply, row, write

PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
PASSWORD = "Qx7plover93zz"
SECRETS = (PHRASE, "sausage worth", PASSWORD)
# It stands beside a secret and is kept: what looks for the one finds the other.
HARMLESS = "麻烦你帮我看看"


def read_ask_and_be_answered(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    customer.goto("/")
    customer.wait_for_url("**/zh-hans/")
    customer.get_by_role("link", name="充币还没到账，先查这三件事").first.click()
    expect(customer.get_by_role("heading", level=1)).to_contain_text("充币还没到账")
    assert_sound(customer)

    # Two taps from the page to a person: the button, and the topic.
    customer.locator("[data-open-chat]:visible").first.click()
    choose_topic(customer, "account")
    customer.locator("#chat-question").fill("昨晚充的币还没到账，走的 TRC20。")
    customer.locator("[data-view=question] [data-send]").click()
    expect(customer.locator("[data-log]")).to_contain_text("昨晚充的币还没到账")
    ref = str(customer.locator("[data-chat]").get_attribute("data-ref"))

    expect(row(desk, ref)).to_contain_text("昨晚充的币还没到账")
    open_row(desk, ref)
    desk.locator("#answer").press_sequentially("你好", delay=20)
    expect(customer.locator(".typing")).to_be_visible()
    reply(desk, "你好，我在看这笔充值。链上已经成功。")

    expect(customer.locator("[data-log]")).to_contain_text("链上已经成功")
    expect(customer.locator("[data-log]")).to_contain_text("林晚晴")
    expect(desk.locator("[data-thread] .message.mine")).to_contain_text("已读")
    customer.locator("#chat-message").press_sequentially("谢", delay=20)
    expect(desk.locator("[data-typing]")).to_contain_text("正在输入")
    write(customer, "谢谢，那我等着。")
    expect(desk.locator("[data-thread]")).to_contain_text("谢谢，那我等着。")
    assert bubbles(customer) == bubbles(desk)

    desk.locator("[data-resolve]").click()
    expect(customer.locator("[data-log]")).to_contain_text("已解决")
    assert_sound(desk)
    assert_sound(customer)


def type_secrets(windows: Windows) -> Page:
    """Into the chat, and into a draft on the desk; the customer's page."""
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    ref = ask(customer, f"我的助记词 {PHRASE}")
    write(customer, f"登录密码是{PASSWORD}，{HARMLESS}")

    expect(customer.locator(".secret")).to_have_count(2)
    expect(customer.locator("[data-log]")).to_contain_text("没有保存")
    expect(row(desk, ref)).to_be_visible()
    open_row(desk, ref)
    expect(desk.locator("[data-thread] .secret")).to_have_count(2)
    desk.locator("#answer").fill(f"你的密码是{PASSWORD}吗")
    expect(desk.locator("[data-found]")).to_be_visible()
    expect(desk.locator("[data-draft-state]")).to_contain_text("草稿已保存")
    return customer
