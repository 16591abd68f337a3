"""H7, E1, E2: a deposit is traced before anybody is asked, and what could not be answered reaches the agent as fields."""

from __future__ import annotations

import tomllib

import pytest
from playwright.sync_api import Page, Request, expect

from kefu.demo.reading import CONTENT
from tests.journeys.conftest import Windows, assert_sound
from tests.journeys.people import row

pytestmark = pytest.mark.journey

SAMPLES = tomllib.loads((CONTENT / "deposits.toml").read_text(encoding="utf-8"))["deposit"]
CONFIRMING = SAMPLES[0]["txid"]
ADDRESS = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
UNKNOWN = "ab" * 32
# Litecoin Core, base58_keys_valid.json.
LITECOIN_KEY = "T6UsJv9hYpvDfM5noKYkB3vfeHxhyegkeWJ4y7qKeQJuyXMK11XX"
SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"


def said_of(page: Page, name: str):
    return page.locator(f"[data-said-of={name}]")


def test_a_deposit_is_traced_and_only_then_becomes_a_case(windows: Windows) -> None:
    customer = windows.open(phone=True)
    customer.goto("/zh-hans/articles/deposit-not-here/")
    customer.get_by_role("link", name="充币未到账查询").click()
    customer.wait_for_url("**/tools/deposit/")
    customer.select_option("#coin", "USDT")
    customer.select_option("#network", "tron")

    # A slip in the address is told when its box is left; an address in the other box, too.
    customer.locator("#address").fill(ADDRESS[:-1] + "u")
    customer.locator("#address").press("Tab")
    expect(said_of(customer, "address")).to_contain_text("校验不通过")
    customer.locator("#txid").fill(ADDRESS)
    expect(said_of(customer, "txid")).to_contain_text("这看起来像地址，不是 TxID")
    assert_sound(customer)
    customer.locator("#address").fill(ADDRESS)
    customer.locator("#address").press("Tab")
    expect(said_of(customer, "address")).to_contain_text("校验通过")

    # One that waits for confirmations needs nobody.
    customer.locator("#txid").fill(f"https://tronscan.org/#/transaction/{CONFIRMING}")
    expect(said_of(customer, "txid")).to_contain_text("是 TRON (TRC20) 的 TxID 写法")
    customer.get_by_role("button", name="查一下").click()
    expect(customer.locator("#answer")).to_contain_text("在路上：12/20 个确认")
    expect(customer.locator("#answer")).to_contain_text("剩下的通常不到 1 分钟")
    expect(customer.locator("#answer")).to_be_focused()
    assert_sound(customer)

    # One that nobody knows becomes a case, with everything that was typed.
    customer.locator("#txid").fill(UNKNOWN)
    customer.get_by_role("button", name="再查一次").click()
    expect(customer.locator("#answer")).to_contain_text("链上没有查到")
    customer.locator("#amount").fill("1,250.5")
    customer.locator("#when").fill("2026-11-22T22:41")
    customer.locator("#words").fill("从自己的钱包转的")
    customer.get_by_label("这是提币记录里的 TxID，不是私钥。").check()
    assert_sound(customer)
    customer.get_by_role("button", name="提交工单").click()
    expect(customer.locator("[data-log]")).to_contain_text("充币未到账：1250.5 USDT · TRON (TRC20)")
    ref = str(customer.locator("[data-chat]").get_attribute("data-ref"))

    assert_the_agent_has_the_facts(windows, ref)

    customer.goto("/zh-hans/cases/")
    case = customer.locator(f"li#{ref}")
    expect(case.locator("b").first).to_have_text("充币未到账")
    case.get_by_text("你提供的资料").click()
    expect(case.locator("dl")).to_contain_text(UNKNOWN)
    assert_sound(customer)


def assert_the_agent_has_the_facts(windows: Windows, ref: str) -> None:
    desk = windows.agent("林晚晴 Winnie")
    # Pasted as it came, out of a link; then without it the list is as before.
    desk.keyboard.press("/")
    expect(desk.locator("#find-case")).to_be_focused()
    desk.locator("#find-case").fill(f"https://tronscan.org/#/transaction/{UNKNOWN.upper()}")
    desk.locator("#find-case").press("Enter")
    expect(desk.locator("[data-list-title]")).to_have_text("查找结果")
    expect(row(desk, ref)).to_be_visible()
    assert_sound(desk)
    row(desk, ref).click()
    expect(desk.locator("[data-talk-ref]")).to_have_text(ref)
    desk.locator("#find-case").fill("ff" * 32)
    desk.locator("#find-case").press("Enter")
    expect(desk.locator("[data-empty-words=found]")).to_be_visible()
    desk.locator("#find-case").fill(SEED)
    desk.locator("#find-case").press("Enter")
    expect(desk.locator("[data-toasts]")).to_contain_text("可能是能打开钱包的密钥")
    expect(desk.locator("#find-case")).to_have_value("")
    desk.locator("[data-view=mine]").click()
    expect(desk.locator("[data-list-title]")).to_have_text("我的")
    facts = desk.locator("[data-context] [data-case]")
    expect(facts.locator("h2")).to_have_text("充币未到账")
    expect(facts.locator("[data-field=txid] code")).to_have_text(UNKNOWN)
    expect(facts.locator("[data-field=network]")).to_contain_text("TRON (TRC20)")
    expect(facts.locator("[data-field=amount]")).to_contain_text("1250.5")
    expect(facts.locator("[data-field=address] code")).to_have_text(ADDRESS)
    expect(facts.locator("[data-field=traced]")).to_contain_text("链上未查到")
    link = facts.locator("[data-field=txid] a")
    assert link.get_attribute("href") == f"https://tronscan.org/#/transaction/{UNKNOWN}"
    assert link.get_attribute("rel") == "noopener noreferrer"
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    facts.locator("[data-field=txid]").get_by_role("button").click()
    expect(desk.locator(".toast", has_text="已复制")).to_be_visible()
    assert desk.evaluate("navigator.clipboard.readText()") == UNKNOWN
    assert_sound(desk)


def test_what_may_open_a_wallet_never_leaves_the_page(windows: Windows) -> None:
    customer = windows.open(locale="en-GB")
    sent: list[str] = []

    def keep(request: Request) -> None:
        sent.append(f"{request.url} {request.post_data or ''}")

    customer.on("request", keep)
    customer.goto("/en/tools/deposit/")
    customer.select_option("#coin", "USDT")
    for name in ("txid", "address"):
        customer.locator(f"#{name}").fill(SEED)
        expect(said_of(customer, name)).to_contain_text("may be a private key or a recovery phrase")
    customer.get_by_role("button", name="Trace it").click()

    expect(customer.locator("#txid")).to_be_focused()
    expect(customer.locator("#answer")).to_have_count(0)
    assert_sound(customer)
    customer.locator("#txid").fill(LITECOIN_KEY)
    customer.locator("#address").fill(UNKNOWN)
    expect(said_of(customer, "txid")).to_contain_text("may be a private key or a recovery phrase")
    expect(said_of(customer, "address")).to_contain_text("so it is not taken as an address")
    customer.get_by_role("button", name="Trace it").click()
    expect(customer.locator("#txid")).to_be_focused()
    # A TxID in the wrong box is held back alone as well, and stays where it was typed.
    customer.locator("#txid").fill(f"0x{CONFIRMING}")
    customer.get_by_role("button", name="Trace it").click()
    expect(customer.locator("#address")).to_be_focused()
    assert customer.locator("#address").input_value() == UNKNOWN
    assert_sound(customer)
    assert not [one for one in sent if "sausage" in one or LITECOIN_KEY in one or UNKNOWN in one]


def test_without_script_the_same_is_told_after_sending(windows: Windows) -> None:
    reader = windows.open(script=False)
    reader.goto("/zh-hant/tools/deposit/")
    reader.select_option("#coin", "USDT")
    reader.locator("#txid").fill(ADDRESS)
    reader.locator("#address").fill(ADDRESS[:-1] + "u")
    reader.get_by_role("button", name="查一下").click()

    expect(said_of(reader, "txid")).to_contain_text("這看起來像地址")
    assert reader.locator("#txid").input_value() == ADDRESS
    assert reader.locator("#coin").input_value() == "USDT"
    reader.locator("#txid").fill(CONFIRMING)
    reader.locator("#address").fill("")
    reader.get_by_role("button", name="查一下").click()
    expect(reader.locator("#answer")).to_contain_text("在路上：12/20 個確認")
    # The browser tells of the page that was not taken; it is as it should be.
    assert [trouble for trouble in windows.troubles if "400" not in trouble] == []
    windows.troubles.clear()
