"""Make the pictures of README: help centre, chat and desk of a demo exchange of their own, in Chromium at 1440.

    .venv/bin/python -m docs.images.make

The conversations in the pictures are real: customers' browsers write them, an agent's browser answers. The exchange is open,
whatever the hour at which they are made.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.people import ask, reply, write
from tests.product import OPEN_ALWAYS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SIZE = {"width": 1440, "height": 900}
SECONDS = 120
QUESTION = "你好，我昨晚充的 USDT 还没到账，链上显示已经成功了，该怎么查？"
ANSWER = "你好，我来查。请把这笔充值的 TxID 和所用网络发给我。"
NOTE = "同一批里有三笔都在等对方平台补付款人信息。"
RECKLESS = "有人加我说能加急，让我报验证码 839214，是你们吗？"
OTHERS = (
    ("en", "My withdrawal has been under review since this morning"),
    ("zh-hant", "身分驗證被退回兩次，原因代碼 R08，還缺什麼？"),
    ("zh-hans", "换了手机，验证器里没有星海了"),
)


@dataclass(frozen=True)
class Demo:
    address: str
    sign_in: str


def main() -> int:
    chromium = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    if chromium is None:
        print("There is no Chromium; sudo apt-get install -y chromium fonts-noto-cjk")
        return 1
    with running_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take_pictures(browser, demo)
        browser.close()
    return 0


def take_pictures(browser: Browser, demo: Demo) -> None:
    agent = new_page(browser, demo)
    agent.goto(demo.sign_in)
    # The link asks before it is spent, so that a preview of it does not spend it.
    agent.locator("main form button[type=submit]").first.click()
    agent.wait_for_url("**/desk/**")
    agent.locator("[data-link]").wait_for(state="hidden")
    for language, words in OTHERS:
        ask(new_page(browser, demo), words, language=language)
    customer = new_page(browser, demo)
    customer.goto("/zh-hans/")
    customer.locator(".site-tools [data-when=open]:visible").first.wait_for()
    save(customer, "help")
    converse(customer, agent, ask(customer, QUESTION, topic="account"))
    save(customer, "chat")
    save(agent, "desk")


def converse(customer: Page, agent: Page, ref: str) -> None:
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


def new_page(browser: Browser, demo: Demo) -> Page:
    context = browser.new_context(
        base_url=demo.address,
        viewport=SIZE,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        device_scale_factor=1,
    )
    return context.new_page()


def save(page: Page, name: str) -> None:
    page.wait_for_load_state("load")
    page.screenshot(path=HERE / f"{name}.png")
    print(f"docs/images/{name}.png")


@contextmanager
def running_demo() -> Iterator[Demo]:
    with tempfile.TemporaryDirectory() as data:
        command = [str(ROOT / "bin/kefu"), "serve", "--port", "0", "--data", data]
        serving = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_plain_environ())
        try:
            running = _read(serving)
            _open_always(data)
            yield running
        finally:
            serving.terminate()
            serving.wait(60)


def _open_always(data: str) -> None:
    command = [str(ROOT / "bin/kefu"), "django", "--data", data, "shell", "-v", "0", "-c", OPEN_ALWAYS]
    subprocess.run(command, check=True, env=_plain_environ())


def _plain_environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("KEFU_")}


def _read(serving: subprocess.Popen[str]) -> Demo:
    """What serve prints, up to the line that says it is ready."""
    links, deadline = [], time.monotonic() + SECONDS
    for line in serving.stdout or ():
        links += re.findall(r"http://\S+/staff/\S+", line)
        ready = re.match(r"Kefu is ready on (\S+)", line)
        if ready and links:
            return Demo(ready[1], links[0])
        if time.monotonic() > deadline:
            break
    raise SystemExit("The demo did not start.")


if __name__ == "__main__":
    sys.exit(main())
