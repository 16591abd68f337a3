"""A demo exchange of its own in which pictures are taken: open at every hour, with real customers and a real agent."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from tests.chromium import launch, program
from tests.journeys.people import ask, reply, write
from tests.product import OPEN_ALWAYS, Product

QUESTION = "你好，我昨晚充的 USDT 还没到账，链上显示已经成功了，该怎么查？"
ANSWER = "你好，我来查。请把这笔充值的 TxID 和所用网络发给我。"
NOTE = "同一批里有三笔都在等对方平台补付款人信息。"
RECKLESS = "有人加我说能加急，让我报验证码 839214，是你们吗？"
OTHERS = (
    ("en", "My withdrawal has been under review since this morning"),
    ("zh-hant", "身分驗證被退回兩次，原因代碼 R08，還缺什麼？"),
    ("zh-hans", "换了手机，验证器里没有星海了"),
)
WIDEST_PHONE = 600
AGENT, SUPERVISOR, ADMIN = "林晚晴 Winnie", "何思恩 Grace", "苏予安 Joanna"


@dataclass(frozen=True)
class Demo:
    """The running product and the browser beside it."""

    product: Product
    browser: Browser

    def open(
        self,
        *,
        width: int = 1440,
        dark: bool = False,
        script: bool = True,
        signed_in: StorageState | None = None,
    ) -> Page:
        is_phone = width <= WIDEST_PHONE
        context = self.browser.new_context(
            base_url=self.product.url,
            viewport={"width": width, "height": 844 if is_phone else 900},
            is_mobile=is_phone,
            has_touch=is_phone,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            storage_state=signed_in,
        )
        return context.new_page()

    def sign_in(self, name: str) -> Page:
        page = self.open()
        page.goto(self.product.sign_in_link(name))
        # The link asks before it is spent, so that a preview of it does not spend it.
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/desk/**")
        page.locator("[data-link]").wait_for(state="hidden")
        return page


@contextmanager
def running_demo() -> Iterator[Demo]:
    if not program():
        sys.exit("There is no Chromium; sudo apt-get install -y chromium fonts-noto-cjk")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        product = Product(Path(folder) / "data")
        product.start()
        try:
            product.django(OPEN_ALWAYS)
            browser = launch(playwright)
            yield Demo(product, browser)
            browser.close()
        finally:
            product.stop()


def let_others_ask(demo: Demo) -> None:
    for language, words in OTHERS:
        ask(demo.open(), words, language=language)


def converse(customer: Page, agent: Page) -> str:
    """A question, an answer, a note and a secret that is removed; the conversation's ref."""
    ref = ask(customer, QUESTION, topic="account")
    agent.goto(f"/desk/open/{ref}/")
    agent.locator("[data-take]").click()
    reply(agent, ANSWER)
    customer.get_by_text(ANSWER).wait_for()
    agent.locator("[data-mode-of=note]").click()
    reply(agent, NOTE)
    agent.locator("[data-thread]").get_by_text(NOTE).wait_for()
    agent.locator("[data-mode-of=reply]").click()
    write(customer, RECKLESS)
    customer.locator(".secret-note").wait_for()
    agent.locator("[data-thread] .secret").wait_for()
    agent.locator(".toast").wait_for(state="detached")
    return ref
