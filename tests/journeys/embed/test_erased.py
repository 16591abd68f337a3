"""An admin erases a person on the running product, and nothing of them is left: not in its database, its files or its log."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from kefu.demo.host.people import User
from kefu.demo.host.signing import Signer
from kefu.safety.tests.files import picture
from tests.journeys.embed.visiting import Visitors, ask, hear, opened
from tests.journeys.people import open_row, reply, row
from tests.journeys.post import find_letter
from tests.product import LET_A_MINUTE_PASS, Product

pytestmark = pytest.mark.journey
MARK = "zqxjkvw"
ADDRESS = f"{MARK}@mail.example"
PERSON = User("guest", "user-870001", f"欧阳{MARK}", "zh-Hans", ADDRESS, is_email_verified=True)
SAVED, SENT = "[data-draft-state]", ".message.mine:not(.unsent)"
# The log of the database is emptied at once, or after half a minute if somebody was reading.
GONE_WITHIN = 60


def test_nothing_of_an_erased_person_is_left_on_the_disk_or_in_the_log(
    windows: Visitors, product: Product
) -> None:
    desk, page = windows.agent("林晚晴 Winnie"), windows.visit()
    page.evaluate("(token) => Kefu.identify(token)", Signer(product.data / "keys").token(PERSON))
    assert hear(page, "identified", "refused") == "identified"
    chat = opened(page)
    ref = ask(chat, f"我的订单 {MARK}")
    send_files(chat)
    open_row(desk, ref)
    expect(desk.locator("[data-thread] .files > a")).to_have_count(2)
    page.goto("about:blank")
    write_about_them(desk)
    product.django(LET_A_MINUTE_PASS)
    find_letter(windows.open(), re.compile(ref), to=ADDRESS)
    kept = bytes_of_pictures(desk)
    assert {"words", "large", "small"} <= set(found(product, kept))

    erase(windows.agent("苏予安 Joanna"), ref)
    desk.goto("/desk/mine/")
    expect(row(desk, ref)).to_contain_text("我们: 这条消息已删除。")

    deadline = time.monotonic() + GONE_WITHIN
    while left := found(product, kept):
        assert time.monotonic() < deadline, left
        time.sleep(0.2)
    assert product.log
    assert MARK not in "".join(product.log)


def send_files(chat: FrameLocator) -> None:
    chat.locator("[data-composer] [data-files]").set_input_files(
        [
            {"name": f"{MARK}.png", "mimeType": "image/png", "buffer": picture("PNG", (400, 300))},
            {"name": "list.txt", "mimeType": "text/plain", "buffer": f"order {MARK}".encode()},
        ]
    )
    chat.locator("[data-composer] button[type=submit]").click()
    expect(chat.locator("[data-log] .files > a")).to_have_count(2)


def write_about_them(desk: Page) -> None:
    """A reply, a note, and a draft that is not sent."""
    reply(desk, f"收到 {MARK}")
    expect(desk.locator(f"[data-thread] {SENT}")).to_have_count(1)
    desk.locator("[data-mode-of=note]").click()
    reply(desk, f"内部 {MARK}")
    expect(desk.locator("[data-thread] .message.note")).to_contain_text(MARK)
    desk.locator("#answer").fill(f"草稿 {MARK}")
    expect(desk.locator(SAVED)).to_have_text(str(desk.locator(SAVED).get_attribute("data-saved")))


def bytes_of_pictures(desk: Page) -> Mapping[str, bytes]:
    """By how large they are shown."""
    link = desk.locator("[data-thread] .file-picture")
    address = str(link.get_attribute("href")).removesuffix("content")
    large, small = (desk.request.get(f"{address}{size}") for size in ("content", "small"))
    assert large.ok
    assert small.ok
    return {"large": large.body(), "small": small.body()}


def found(product: Product, pictures: Mapping[str, bytes]) -> Mapping[str, list[str]]:
    """Where the mark, in whatever was said or named by it, and the pictures are in the product's folder."""
    wanted = {"words": MARK.encode(), **pictures}
    places: dict[str, list[str]] = {}
    for path in product.data.rglob("*"):
        if not path.is_file():
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            # It has just been deleted, as is meant.
            continue
        for name, value in wanted.items():
            if value in content or MARK in path.name:
                places.setdefault(name, []).append(path.name)
    return places


def erase(admin: Page, ref: str) -> None:
    admin.goto("/desk/settings/privacy/")
    admin.locator("#who").fill(ref)
    admin.get_by_role("button", name="查找").click()
    expect(admin.locator("main")).to_contain_text(ADDRESS)
    asked = re.search("「(.+)」", admin.locator("label[for=called]").inner_text())
    assert asked
    admin.locator("#called").fill(asked.group(1))
    admin.get_by_role("button", name="删除全部").click()
    expect(admin.locator("main")).to_contain_text("这个人的全部数据已删除。")
    expect(admin.locator("main")).not_to_contain_text(MARK)
