"""Files in somebody else's page: no cookie goes along with a picture's address, so the frame fetches it by its token."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, Request, expect

from kefu.safety.tests.files import PDF, picture
from tests.journeys.embed.visiting import (
    Visitors,
    ask,
    come_back,
    follow_link,
    identify,
    inside,
    is_sound,
    opened,
)
from tests.journeys.people import open_row
from tests.product import Product

pytestmark = pytest.mark.journey
DESK = "[data-talk] [data-composer]"
# How wide they are; a picture that did not load has no width.
SMALL, LARGE = 80, 300


def a_file(name: str, content: bytes, kind: str) -> Any:
    return {"name": name, "mimeType": kind, "buffer": content}


def sees(chat: FrameLocator | Page, *widths: int, place: str = "[data-log]") -> None:
    """Pictures this wide stand there, each loaded."""
    pictures = chat.locator(f"{place} .file-picture img")
    expect(pictures).to_have_count(len(widths))
    for number, width in enumerate(widths):
        expect(pictures.nth(number)).to_have_js_property("naturalWidth", width)


def files_asked_for(page: Page) -> list[Request]:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/files/" in request.url else None)
    return asked


def test_pictures_go_both_ways_without_a_cookie(windows: Visitors, tmp_path: Path) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    asked = files_asked_for(page)
    chat = opened(page)
    ref = ask(chat, "充的币没到账，给你看截图")
    chat.locator("[data-composer] [data-files]").set_input_files(
        [a_file("shot.png", picture(), "image/png"), a_file("对账单.pdf", PDF, "application/pdf")]
    )
    chat.locator("[data-composer] textarea").fill("就是这一笔")
    chat.locator("[data-composer] button[type=submit]").click()

    open_row(desk, ref)
    sees(desk, SMALL, place="[data-thread]")
    sees(chat, SMALL)
    expect(desk.locator("[data-thread] .message").last).to_contain_text("就是这一笔")
    desk.locator(f"{DESK} [data-files]").set_input_files(
        a_file("marked.png", picture("PNG", (LARGE, 200)), "image/png")
    )
    expect(desk.locator("[data-tray] .tray-item")).to_contain_text("已上传")
    desk.locator("#answer").fill("请核对红框里的地址")
    desk.locator("#answer").press("Control+Enter")

    expect(chat.locator("[data-log]")).to_contain_text("请核对红框里的地址")
    sees(chat, SMALL, LARGE)
    chat.locator("[data-log] .file-picture").last.click()
    large = chat.locator("dialog.gallery img")
    expect(large).to_have_js_property("naturalWidth", LARGE)
    assert str(large.get_attribute("src")).startswith("blob:")
    is_sound(page)
    with page.expect_download() as saved:
        chat.locator("dialog.gallery [data-download]").click()
    assert saved.value.suggested_filename == "marked.png"
    chat.locator("dialog.gallery [data-gallery=close]").click()
    with page.expect_download() as saved:
        chat.locator("[data-log] a.file").click()
    saved.value.save_as(tmp_path / "saved.pdf")
    assert (tmp_path / "saved.pdf").read_bytes() == PDF

    assert asked
    for request in asked:
        headers = request.all_headers()
        assert headers["authorization"].startswith("Bearer ")
        assert "cookie" not in headers
    assert page.context.cookies() == []


def test_pictures_are_there_again_on_the_next_page_and_only_for_their_owner(windows: Visitors) -> None:
    page = windows.visit()
    chat = opened(page)
    chat.locator("[data-topic=account]").click()
    chat.locator("[data-view=question] [data-files]").set_input_files(
        a_file("shot.png", picture(), "image/png")
    )
    chat.locator("#chat-question").fill("看图")
    chat.locator("[data-view=question] [data-send]").click()
    sees(chat, SMALL)
    address = str(chat.locator("[data-log] .file-picture").get_attribute("href"))

    come_back(page)
    sees(inside(page), SMALL)

    # Whoever has no more than the address gets nothing.
    assert page.request.get(f"{windows.product.url}{address}").status in {403, 404}


def test_what_waits_for_its_file_is_still_there_when_the_visitor_becomes_known(
    windows: Visitors, product: Product
) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    chat = opened(page)
    ref = ask(chat, "登录前先问一句，附上截图")
    open_row(desk, ref)
    page.route(
        "**/files/*/", lambda route: route.abort() if route.request.method == "PUT" else route.continue_()
    )
    chat.locator("[data-composer] [data-files]").set_input_files(a_file("shot.png", picture(), "image/png"))
    chat.locator("[data-composer] textarea").fill("就是这一笔")
    chat.locator("[data-composer] button[type=submit]").click()
    expect(chat.locator("[data-composer] [data-tray-waits]")).to_be_visible()

    identify(page, product, "user-820031")

    # A window of the same conversation, for somebody who is known now. What was pressed in the one before waits for them.
    expect(chat.locator("[data-composer] [data-tray-held]")).to_be_visible()
    expect(chat.locator("[data-composer] textarea")).to_have_value("就是这一笔")
    expect(chat.locator("[data-composer] .tray-item")).to_have_count(1)
    page.unroute("**/files/*/")
    chat.locator("[data-composer] button[type=submit]").click()
    sees(desk, SMALL, place="[data-thread]")
    expect(desk.locator("[data-thread] .message").last).to_contain_text("就是这一笔")
    expect(chat.locator("[data-composer] .tray-item")).to_have_count(0)
    windows.forgive("ERR_FAILED")


def test_files_of_one_question_wait_while_another_is_asked(windows: Visitors) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.visit()
    chat = opened(page)
    ref = ask(chat, "先问这个")
    open_row(desk, ref)
    desk.locator("[data-resolve]").click()
    chat.locator("[data-composer] [data-files]").set_input_files(a_file("shot.png", picture(), "image/png"))
    chat.locator("[data-composer] textarea").fill("还有这张图")
    chat.locator("[data-anew]").click()
    expect(chat.locator("[data-view=topics]")).to_be_visible()
    chat.locator("[data-topic=account]").click()
    expect(chat.locator("[data-view=question] .tray-item")).to_have_count(0)

    follow_link(page, f"conversation={ref}")

    expect(chat.locator("[data-composer] textarea")).to_have_value("还有这张图")
    expect(chat.locator("[data-composer] .tray-item")).to_have_count(1)
