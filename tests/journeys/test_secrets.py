"""H9: a secret that is typed into the chat is nowhere afterwards."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Windows
from tests.journeys.people import ask, open_row, row, write
from tests.product import Product

pytestmark = pytest.mark.journey
PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
PASSWORD = "Qx7plover93zz"


def test_a_secret_is_in_no_table_file_or_log(windows: Windows, product: Product) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    ref = ask(customer, f"我的助记词 {PHRASE}")
    write(customer, f"登录密码是{PASSWORD}，帮我看看")

    expect(customer.locator(".secret")).to_have_count(2)
    expect(customer.locator("[data-log]")).to_contain_text("没有保存")
    expect(row(desk, ref)).to_be_visible()
    open_row(desk, ref)
    expect(desk.locator("[data-thread] .secret")).to_have_count(2)
    desk.locator("#answer").fill(f"你的密码是{PASSWORD}吗")
    expect(desk.locator("[data-found]")).to_be_visible()
    expect(desk.locator("[data-draft-state]")).to_contain_text("草稿已保存")

    kept = customer.evaluate(
        "JSON.stringify(Object.entries(localStorage).concat(Object.entries(sessionStorage)))"
    )
    for secret in (PHRASE, "sausage worth", PASSWORD):
        assert secret not in kept
        assert secret not in "".join(product.log)
        for path in product.data.rglob("*"):
            # The word list of the guard itself is served from here.
            if path.is_file() and "static" not in path.relative_to(product.data).parts:
                assert secret.encode() not in path.read_bytes(), path
