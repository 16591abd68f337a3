"""Attachments: a picture from a phone to the desk, a bad network, and hostile files that do nothing to anybody."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from kefu.safety.tests.files import HTML, PDF, SVG, photo_with_place, picture, png_of
from tests.journeys.conftest import Windows, assert_sound
from tests.journeys.people import ask, choose_topic, open_row, write

pytestmark = pytest.mark.journey
SLOW = 30_000
DESK = "[data-talk] [data-composer]"
ASKS_BEFORE_LEAVING = "!dispatchEvent(new Event('beforeunload', { cancelable: true }))"
# A file given to a place of the page by hand: pasted there, or dropped.
GIVE = """([place, name, base64, isDropped]) => {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: "image/png" }));
  const more = { bubbles: true, cancelable: true };
  const events = isDropped
    ? ["dragover", "drop"].map((kind) => new DragEvent(kind, { dataTransfer: data, ...more }))
    : [new ClipboardEvent("paste", { clipboardData: data, ...more })];
  for (const event of events) document.querySelector(place).dispatchEvent(event);
}"""


def a_file(name: str, content: bytes, kind: str = "application/octet-stream") -> Any:
    return {"name": name, "mimeType": kind, "buffer": content}


def noise(side: int) -> bytes:
    """A picture that no compression makes small."""
    into = BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(3 * side * side)).save(into, "PNG")
    return into.getvalue()


def attach(page: Page, *files: Any, form: str = "[data-chat] [data-composer]") -> None:
    page.locator(f"{form} [data-files]").set_input_files(list(files))


def send(page: Page, form: str = "[data-chat] [data-composer]") -> None:
    page.locator(f"{form} button[type=submit]").click()


class SlowLine:
    """Pieces of files, but for the first few, stay on their way until somebody lets them go."""

    def __init__(self, page: Page, *, after: int = 0) -> None:
        self.held: list[Route] | None = []
        self.before = after
        self.page = page
        page.route("**/files/*/", self._piece)

    def _piece(self, route: Route) -> None:
        if self.held is None or route.request.method != "PUT":
            route.continue_()
        elif self.before:
            self.before -= 1
            route.continue_()
        else:
            self.held.append(route)

    def let_go(self) -> None:
        held, self.held = self.held or [], None
        for route in held:
            route.continue_()


def sees_picture(page: Page, place: str, number: int = 1) -> None:
    pictures = page.locator(f"{place} .file-picture img")
    expect(pictures).to_have_count(number, timeout=SLOW)
    for one in pictures.all():
        one.scroll_into_view_if_needed()
        expect(one).not_to_have_js_property("naturalWidth", 0, timeout=SLOW)


def test_a_picture_goes_from_a_phone_to_the_desk_and_back(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    phone = windows.open(phone=True)
    ref = ask(phone, "充的币没到账，给你看截图")
    attach(phone, a_file("IMG_0001.jpg", photo_with_place(), "image/jpeg"), a_file("对账单.pdf", PDF))
    expect(phone.locator("[data-tray] .tray-item")).to_have_count(2)
    expect(phone.locator("[data-tray] canvas")).to_have_count(1)
    assert_sound(phone)
    send(phone)

    open_row(desk, ref)
    sees_picture(desk, "[data-thread]")
    sees_picture(phone, "[data-log]")
    expect(phone.locator("[data-tray] .tray-item")).to_have_count(0)
    expect(desk.locator("[data-thread] a.file")).to_contain_text("对账单.pdf")
    desk.locator("[data-thread] .file-picture").press("Enter")
    expect(desk.locator("dialog.gallery img")).to_have_attribute("alt", "IMG_0001.jpg")
    assert_sound(desk)
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog.gallery")).to_be_hidden()
    expect(desk.locator("[data-thread] .file-picture")).to_be_focused()

    attach(desk, a_file("marked.png", picture("PNG", (300, 900))), form="[data-talk] [data-composer]")
    expect(desk.locator("[data-tray] .tray-item")).to_contain_text("已上传", timeout=SLOW)
    desk.locator("#answer").fill("请核对这里")
    desk.locator("#answer").press("Control+Enter")
    sees_picture(phone, "[data-log]", 2)
    phone.locator("[data-log] .file-picture").last.click()
    expect(phone.locator("dialog.gallery")).to_contain_text("2 / 2")
    phone.keyboard.press("ArrowLeft")
    expect(phone.locator("dialog.gallery img")).to_have_attribute("alt", "IMG_0001.jpg")
    assert_sound(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_files_chosen_with_the_first_question_follow_it(windows: Windows) -> None:
    page = windows.open()
    page.goto("/zh-hans/chat/?new=1")
    choose_topic(page, "account")
    attach(page, a_file("shot.png", picture()), form="[data-view=question]")
    page.locator("#chat-question").fill("看图")
    page.locator("[data-view=question] [data-send]").click()

    sees_picture(page, "[data-log]")
    expect(page.locator("[data-log] .message.mine:not(.unsent)")).to_have_count(2)


def test_agents_paste_and_drop(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    ref = ask(windows.open(), "在吗")
    open_row(desk, ref)
    small = b64encode(picture()).decode()

    desk.evaluate(GIVE, ["#answer", "pasted.png", small, False])
    desk.evaluate(GIVE, ["[data-thread]", "dropped.png", small, True])

    expect(desk.locator("[data-tray] .tray-item")).to_have_count(2)
    desk.locator("[data-tray] [data-remove]").first.click()
    expect(desk.locator("[data-tray] .tray-item")).to_have_count(1)
    expect(desk.locator("[data-tray] [data-remove]")).to_be_focused()
    send(desk, "[data-talk] [data-composer]")
    sees_picture(desk, "[data-thread]")


def test_an_upload_goes_on_where_the_network_broke_and_the_message_waits_for_it(windows: Windows) -> None:
    page = windows.open()
    ask(page, "网络不好")
    offsets: list[int] = []
    page.on(
        "request",
        lambda request: (
            offsets.append(int(request.headers["upload-offset"])) if request.method == "PUT" else None
        ),
    )
    content = noise(1_000)
    line = SlowLine(page, after=1)

    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        attach(page, a_file("large.png", content, "image/png"))
        page.locator("[data-composer] textarea").fill("终于传完了")
        send(page)
    page.context.set_offline(True)
    line.let_go()
    expect(page.locator("[data-composer] [data-tray-waits]")).to_be_visible()
    expect(page.locator("[data-tray] .tray-item")).to_contain_text("没有网络")
    expect(page.locator("[data-tray] progress")).to_be_visible()
    assert page.locator("[data-tray] progress").evaluate("(bar) => 0 < bar.value && bar.value < bar.max")
    expect(page.locator("[data-composer] textarea")).to_have_value("终于传完了")
    page.context.set_offline(False)

    sees_picture(page, "[data-log]")
    expect(page.locator("[data-tray] progress")).to_have_count(0)
    expect(page.locator("[data-log] .message.mine").last).to_contain_text("终于传完了")
    assert offsets.count(0) == 1
    assert offsets == sorted(offsets)


def test_a_note_that_waits_for_its_file_stays_a_note_whatever_is_written_meanwhile(windows: Windows) -> None:
    desk, customer = windows.agent("林晚晴 Winnie"), windows.open()
    open_row(desk, ask(customer, "在吗"))
    line = SlowLine(desk)
    answer = desk.locator("#answer")
    desk.locator("[data-mode-of=note]").click()
    attach(desk, a_file("internal.png", picture()), form=DESK)
    answer.fill("只给同事看")
    send(desk, DESK)
    expect(desk.locator(f"{DESK} [data-tray-waits]")).to_be_visible()

    desk.locator("[data-mode-of=reply]").click()
    answer.press_sequentially("写到一半")
    line.let_go()

    sees_picture(desk, "[data-thread]")
    expect(desk.locator("[data-thread] .message.note")).to_contain_text("只给同事看")
    expect(answer).to_have_value("写到一半")
    answer.press("Control+Enter")
    expect(customer.locator("[data-log] .message")).to_have_count(2, timeout=SLOW)
    expect(customer.locator("[data-log] .message").last).to_contain_text("写到一半")
    expect(customer.locator("[data-log]")).not_to_contain_text("只给同事看")
    expect(customer.locator("[data-log] .files")).to_have_count(0)


def test_files_chosen_for_a_note_never_go_with_a_reply(windows: Windows) -> None:
    desk, customer = windows.agent("林晚晴 Winnie"), windows.open()
    open_row(desk, ask(customer, "在吗"))
    desk.locator("[data-mode-of=note]").click()
    attach(desk, a_file("internal.png", picture()), form=DESK)
    expect(desk.locator("[data-tray] .tray-item")).to_contain_text("已上传", timeout=SLOW)

    desk.locator("[data-mode-of=reply]").click()
    expect(desk.locator("[data-toasts]")).to_contain_text("文件留在")
    desk.locator("#answer").fill("在的")
    send(desk, DESK)

    expect(customer.locator("[data-log] .message").last).to_contain_text("在的", timeout=SLOW)
    expect(customer.locator("[data-log] .files")).to_have_count(0)
    desk.locator("[data-mode-of=note]").click()
    expect(desk.locator("[data-tray] .tray-item")).to_contain_text("internal.png")


def test_what_is_typed_on_after_pressing_is_not_sent_half_done(windows: Windows) -> None:
    page = windows.open()
    ask(page, "看截图")
    line = SlowLine(page)
    box = page.locator("[data-composer] textarea")
    attach(page, a_file("shot.png", picture()))
    box.fill("这一张")
    send(page)
    expect(page.locator("[data-composer] [data-tray-waits]")).to_be_visible()

    box.press_sequentially("，还有半")
    line.let_go()

    expect(page.locator("[data-composer] [data-tray-held]")).to_contain_text("还没发送")
    expect(page.locator("[data-tray] .tray-item")).to_contain_text("已上传", timeout=SLOW)
    assert_sound(page)
    expect(page.locator("[data-log] .message.mine")).to_have_count(1)
    box.press_sequentially("句")
    send(page)
    sees_picture(page, "[data-log]")
    expect(page.locator("[data-log] .message.mine").last).to_contain_text("这一张，还有半句")
    expect(page.locator("[data-composer] [data-tray-held]")).to_be_hidden()


def test_a_message_that_waits_is_kept_where_it_is_when_another_conversation_is_opened(
    windows: Windows,
) -> None:
    desk, customer = windows.agent("林晚晴 Winnie"), windows.open()
    first, second = ask(customer, "先来的"), ask(windows.open(), "后来的")
    open_row(desk, first)
    line = SlowLine(desk)
    attach(desk, a_file("marked.png", picture()), form=DESK)
    desk.locator("#answer").fill("请核对这里")
    send(desk, DESK)
    expect(desk.locator(f"{DESK} [data-tray-waits]")).to_be_visible()
    assert desk.evaluate(ASKS_BEFORE_LEAVING)

    open_row(desk, second)
    notice = desk.locator("[data-held][role=status] .incident")
    expect(notice).to_contain_text(f"还没发送：{first}")
    expect(desk.locator("[data-tray] .tray-item")).to_have_count(0)
    assert_sound(desk)
    line.let_go()
    open_row(desk, ask(windows.open(), "最后来的"))
    expect(notice).to_have_count(1)
    notice.get_by_role("button", name=f"回到那个会话 {first}").press("Enter")

    expect(desk.locator("#answer")).to_be_focused()
    expect(notice).to_have_count(0)
    expect(desk.locator(f"{DESK} [data-tray-held]")).to_be_visible()
    expect(desk.locator("[data-tray] .tray-item")).to_contain_text("已上传", timeout=SLOW)
    expect(desk.locator("#answer")).to_have_value("请核对这里")
    send(desk, DESK)
    sees_picture(customer, "[data-log]")
    expect(customer.locator("[data-log] .message").last).to_contain_text("请核对这里")
    expect(desk.locator("[data-tray] .tray-item")).to_have_count(0)
    assert not desk.evaluate(ASKS_BEFORE_LEAVING)


def test_a_note_that_waits_elsewhere_is_found_in_its_tab(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    first, second = ask(windows.open(), "先来的"), ask(windows.open(), "后来的")
    open_row(desk, first)
    SlowLine(desk)
    desk.locator("#answer").fill("给客户的草稿")
    desk.locator("[data-mode-of=note]").click()
    attach(desk, a_file("internal.png", picture()), form=DESK)
    send(desk, DESK)
    expect(desk.locator(f"{DESK} [data-tray-waits]")).to_be_visible()

    open_row(desk, second)
    desk.locator("[data-held] button").click()

    expect(desk.locator("[data-mode-of=note]")).to_have_attribute("aria-selected", "true")
    expect(desk.locator("[data-tray] .tray-item")).to_contain_text("internal.png")


def held_back(desk: Page, customer: Page, words: str) -> None:
    open_row(desk, ask(customer, "请撤销这笔"))
    line = SlowLine(desk)
    attach(desk, a_file("proof.png", picture()), form=DESK)
    desk.locator("#answer").fill(words)
    send(desk, DESK)
    write(customer, "等等，先别撤")
    expect(desk.locator("[data-thread]")).to_contain_text("等等，先别撤", timeout=SLOW)
    line.let_go()
    expect(desk.locator("[data-stale]")).to_be_visible(timeout=SLOW)


def test_a_reply_is_held_back_if_the_customer_spoke_while_its_file_went_up(windows: Windows) -> None:
    desk, customer = windows.agent("林晚晴 Winnie"), windows.open()
    held_back(desk, customer, "已经撤销了，见截图")
    expect(customer.locator("[data-log]")).not_to_contain_text("已经撤销了")
    desk.locator("[data-stale-send]").click()
    sees_picture(customer, "[data-log]")
    expect(customer.locator("[data-log] .message").last).to_contain_text("已经撤销了，见截图")


@pytest.mark.parametrize(("words", "changed"), [("已经撤销了", "还没撤"), ("", "")])
def test_a_held_back_reply_is_changed_with_its_file(windows: Windows, words: str, changed: str) -> None:
    desk, customer = windows.agent("林晚晴 Winnie"), windows.open()
    held_back(desk, customer, words)
    desk.locator("[data-stale-edit]").click()
    back, answer = desk.locator(f"{DESK} [data-returned]"), desk.locator("#answer")
    expect(back).to_contain_text("proof.png")
    desk.locator("[data-mode-of=note]").click()
    expect(back).to_be_hidden()
    desk.locator("[data-mode-of=reply]").click()
    answer.fill(changed)
    answer.press("Control+Enter")
    sees_picture(customer, "[data-log]")
    expect(customer.locator("[data-log] .message")).to_have_count(3)
    expect(customer.locator("[data-log] .message").last).to_contain_text(changed)
    expect(back).to_be_hidden()


def test_hostile_files_are_refused_with_a_reason(windows: Windows) -> None:
    page = windows.open()
    ask(page, "看看这些")
    attach(
        page,
        a_file("a.svg", SVG, "image/svg+xml"),
        a_file("photo.png", HTML, "image/png"),
        a_file("setup.exe.jpg", b"MZ\x90\x00" * 50, "image/jpeg"),
        a_file("nothing.png", b"", "image/png"),
        a_file("bomb.png", png_of(60_000, 60_000, bytes(1_000_000)), "image/png"),
        a_file("broken.jpg", b"\xff\xd8\xff" + HTML, "image/jpeg"),
    )

    items = page.locator("[data-tray] .tray-item")
    expect(page.locator("[data-tray] .tray-item[data-failed]")).to_have_count(6, timeout=SLOW)
    for place, words in enumerate(["只接受", "只接受", "只接受", "是空的", "像素太多", "损坏"]):
        expect(items.nth(place)).to_contain_text(words)
    assert_sound(page)
    send(page)
    expect(page.locator("[data-log] .files")).to_have_count(0)


def test_what_is_hostile_inside_does_nothing_where_it_is_shown_or_opened(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    page = windows.open()
    ref = ask(page, "看看这些")
    attach(
        page,
        a_file("shot\u202egnp.html", picture("PNG") + HTML, "text/html"),
        a_file('"><img src=x onerror=alert(1)>.jpg', picture("JPEG", comment=HTML), "image/jpeg"),
        a_file("../../../statement.pdf.html", PDF, "text/html"),
        a_file("page.html", b"notes: <script>document.title='owned'</script>", "text/html"),
    )
    expect(page.locator("[data-tray] .tray-item:has-text('已上传')")).to_have_count(4, timeout=SLOW)
    send(page)
    open_row(desk, ref)
    for reader, place in ((page, "[data-log]"), (desk, "[data-thread]")):
        # The message is drawn anew with each file that is checked.
        expect(reader.locator(f"{place} a.file")).to_have_count(2, timeout=SLOW)
        sees_picture(reader, place, 2)
        assert "owned" not in reader.title()
        assert reader.locator(f"{place} .file-picture img").first.get_attribute("alt") == "shotgnp.html.png"
        assert_sound(reader)

    opened = page.context.new_page()
    opened.on("dialog", lambda dialog: windows.troubles.append(f"dialog: {dialog.message}"))
    opened.on("request", lambda request: windows._request(request.url))
    for link in page.locator("[data-log] .file-picture").all():
        answer = opened.goto(str(link.get_attribute("href")))
        assert answer is not None
        assert answer.headers["content-type"].startswith("image/")
        assert b"script" not in answer.body()
        assert "owned" not in opened.title()
    for link in page.locator("[data-log] a.file").all():
        with page.expect_download() as download:
            link.click()
        assert re.fullmatch(r"statement\.pdf\.html\.pdf|page\.html\.txt", download.value.suggested_filename)
    assert "owned" not in page.title()
