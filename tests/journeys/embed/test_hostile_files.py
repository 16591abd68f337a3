"""Hostile files, sent once, on every page that shows them: nothing runs, nothing is asked of anybody else."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Frame,
    FrameLocator,
    Page,
    Route,
    expect,
)

from kefu.safety.tests.hostile import ELSEWHERE, MARK, MARKUP, SCRIPT, Hostile, refused, taken
from tests.journeys.conftest import WITHIN
from tests.journeys.embed.visiting import REFUSES_STORAGE, Visitors, ask, opened
from tests.journeys.people import open_row
from tests.journeys.post import find_letter, prove

pytestmark = pytest.mark.journey
Place = FrameLocator | Page
HOST = "http://host.example/"
HARM = {"asked elsewhere", "console", "dialog", "ran"}
PICTURES = ("png", "jpg", "gif")
ADDRESS = "ning.an@mail.example"
# A player that found nothing to play (HTMLMediaElement.NETWORK_NO_SOURCE).
GAVE_UP = 3


class Alarm:
    """Rings for whatever a script, a form or a picture of theirs would do, in all windows of a context."""

    def __init__(self, context: BrowserContext, troubles: list[str]) -> None:
        self.context, self.troubles = context, troubles
        context.on("request", lambda request: self._request(request.url))
        context.on("console", self._console)
        context.on("dialog", self._dialog)

    def _request(self, url: str) -> None:
        if url.startswith(ELSEWHERE):
            self.troubles.append(f"asked elsewhere: {url}")

    def _console(self, message: ConsoleMessage) -> None:
        # A script that only the policy stopped has come too far. What browsers style by themselves is none.
        if MARK in message.text or re.search("script violates", message.text):
            self.troubles.append(f"console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def look(self) -> None:
        for page in self.context.pages:
            self.troubles += [f"ran: {frame.url}" for frame in page.frames if is_owned(frame)]


def is_owned(frame: Frame) -> bool:
    return bool(frame.evaluate(f"'{MARK}' in window || document.title === '{MARK}'"))


def is_picture(file: Hostile) -> bool:
    return file.shown_as.endswith(PICTURES)


def send_all(chat: FrameLocator, files: Sequence[Hostile]) -> None:
    """What is refused is named with its reason; the rest goes with a message."""
    attach, items = chat.locator("[data-composer] [data-files]"), chat.locator("[data-tray] .tray-item")
    attach.set_input_files([file.upload for file in refused()])
    expect(chat.locator("[data-tray] .tray-item[data-failed]")).to_have_count(len(refused()))
    expect(items).to_contain_text([file.sent_as for file in refused()])
    for _ in refused():
        items.first.locator("[data-remove]").click()
    attach.set_input_files([file.upload for file in files])
    expect(items).to_contain_text(["已上传"] * len(files))
    expect(items).to_contain_text([file.sent_as for file in files])
    chat.locator("#chat-message").fill(MARKUP)
    chat.locator("[data-composer] button[type=submit]").click()


def sees_all(place: Place, thread: str, files: Sequence[Hostile]) -> None:
    """Each by its name, in the order in which they were chosen; pictures as pictures."""
    # The message is drawn anew with each file that is checked.
    expect(place.locator(f"{thread} .files > a")).to_have_count(len(files))
    names = [file.shown_as for file in files if is_picture(file)]
    pictures = place.locator(f"{thread} .file-picture img")
    expect(pictures).to_have_count(len(names))
    assert pictures.evaluate_all("all => all.map((one) => one.alt)") == names
    for picture in pictures.all():
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    expect(place.locator(f"{thread} a.file b")).to_have_text(
        [file.shown_as for file in files if not is_picture(file)]
    )
    expect(place.locator(thread)).to_contain_text(MARKUP)


def enlarges_all(place: Place, thread: str, files: Sequence[Hostile]) -> None:
    """One after the other in the gallery, videos played as far as they can be."""
    large = [file for file in files if is_picture(file) or file.shown_as.endswith(("mp4", "webm"))]
    gallery = place.locator("dialog.gallery")
    place.locator(f"{thread} [data-enlarge]").first.click()
    for number, file in enumerate(large, start=1):
        expect(gallery).to_contain_text(f"{number} / {len(large)}")
        expect(gallery.locator("[data-slot=name]")).to_have_text(file.shown_as)
        if is_picture(file):
            expect(gallery.locator("img")).not_to_have_js_property("naturalWidth", 0)
        else:
            expect(gallery.locator("video")).to_have_js_property("networkState", GAVE_UP)
        if number < len(large):
            gallery.locator("[data-gallery=next]").click()
    gallery.locator("[data-gallery=close]").click()


def opens_all(page: Page, thread: str, files: Sequence[Hostile]) -> None:
    """Each at its own address, in a window of its own: a picture stands there, everything else is saved and not shown."""
    links = page.locator(f"{thread} .files a")
    expect(links).to_have_count(len(files))
    addresses = links.evaluate_all("all => all.map((one) => one.href)")
    window = page.context.new_page()
    for file, address in zip(files, addresses, strict=True):
        if is_picture(file):
            answer = window.goto(address)
            assert answer is not None
            assert answer.headers["content-type"].startswith("image/")
            assert MARK.encode() not in answer.body()
            continue
        window.goto("about:blank")
        with window.expect_download() as saved:
            window.evaluate("(address) => void (location.href = address)", address)
        assert saved.value.suggested_filename == file.shown_as
        assert window.url == "about:blank"
    window.close()


def test_the_files_would_do_harm_if_anybody_took_them_for_pages_or_scripts(browser: Browser) -> None:
    for file in taken():
        rung: list[str] = []
        context = browser.new_context()
        alarm = Alarm(context, rung)
        context.route("**/*", lambda route: route.fulfill(body=""))
        context.route(f"{HOST}*", as_it_is(file))
        page = context.new_page()
        page.goto(f"{HOST}script" if file.kind == SCRIPT else HOST, wait_until="commit")
        deadline = time.monotonic() + WITHIN
        while {one.partition(":")[0] for one in rung} != HARM:
            assert time.monotonic() < deadline, f"{file.sent_as} did no more than {rung}"
            page.wait_for_timeout(50)
            # It may be on its way to the next page just now.
            with contextlib.suppress(Error):
                alarm.look()
        context.close()


def as_it_is(file: Hostile) -> Callable[[Route], None]:
    """To whoever asks for a page, a page; to whoever asks for a script, a script."""

    def answer(route: Route) -> None:
        if route.request.url == f"{HOST}script":
            route.fulfill(content_type="text/html", body=f'<script src="{HOST}"></script>')
        else:
            route.fulfill(content_type=SCRIPT if file.kind == SCRIPT else "text/html", body=file.content)

    return answer


@pytest.mark.parametrize("browser", [REFUSES_STORAGE], indirect=True)
def test_they_are_harmless_on_every_page_that_shows_them(windows: Visitors) -> None:
    files = taken()
    page = windows.visit()
    alarms = [Alarm(page.context, windows.troubles)]
    chat = opened(page)
    ref = ask(chat, "看看这些")
    send_all(chat, files)
    sees_all(chat, "[data-log]", files)
    enlarges_all(chat, "[data-log]", files)

    # A frame that keeps nothing offers a window of ours: the same customer, now by a cookie.
    with page.context.expect_page() as popup:
        chat.locator("[data-outside]").click()
    own = popup.value
    sees_all(own, "[data-log]", files)
    enlarges_all(own, "[data-log]", files)
    opens_all(own, "[data-log]", files)
    own.goto(f"/zh-hans/chat/plain/{ref}/")
    sees_all(own, "[data-plain]", files)
    own.get_by_role("button", name="取得这个会话的专属链接").click()
    link = own.locator("#link").input_value()

    stranger = windows.open(phone=True)
    alarms.append(Alarm(stranger.context, windows.troubles))
    stranger.goto(link)
    expect(stranger.locator("[data-by-link]")).to_be_visible()
    sees_all(stranger, "[data-log]", files)
    enlarges_all(stranger, "[data-log]", files)

    desk = windows.agent("林晚晴 Winnie")
    alarms.append(Alarm(desk.context, windows.troubles))
    open_row(desk, ref)
    sees_all(desk, "[data-thread]", files)
    enlarges_all(desk, "[data-thread]", files)
    opens_all(desk, "[data-thread]", files)

    plain = windows.open(phone=True, script=False, signed_in=own.context.storage_state())
    plain.goto(f"/zh-hans/chat/plain/{ref}/")
    sees_all(plain, "[data-plain]", files)
    mailbox = windows.open()
    alarms.append(Alarm(mailbox.context, windows.troubles))
    keeps_all(own, mailbox, ref, files)
    for alarm in alarms:
        alarm.look()


def keeps_all(own: Page, mailbox: Page, ref: str, files: Sequence[Hostile]) -> None:
    """On “My cases”, in the transcript as a file and as a letter: names, and nothing but names."""
    prove(own, mailbox, ADDRESS)
    expect(own.locator(f"#{ref}")).to_contain_text(MARKUP)
    with own.expect_download() as saved:
        own.get_by_role("link", name=f"把 {ref} 存成文件").click()
    words = saved.value.path().read_text()
    own.get_by_role("button", name=f"把 {ref} 发到我的邮箱").click()
    expect(own.get_by_role("status")).to_contain_text("•••@m•••.example")
    find_letter(mailbox, re.compile(ref), to=ADDRESS)
    letter = mailbox.locator("body").inner_text()
    mailbox.goto(f"{mailbox.url}text/")
    plain = mailbox.locator("body").inner_text()
    for file in files:
        line = f"[文件：{file.shown_as}]"
        assert [line in one for one in (words, letter, plain)] == [True, True, True], line
    assert MARKUP in words
    assert MARKUP in letter
