"""H1, H2: what the workspace shows is true, whatever was missed and in whichever order answers come."""

from __future__ import annotations

import json
import re
import time

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Request, Route, WebSocket, expect

from kefu.desk.topics import MOST_ENTRIES
from tests.journeys.conftest import WITHIN, Windows
from tests.journeys.people import ask, open_row, reply, row, write
from tests.journeys.test_bad_networks import NO_SOCKETS
from tests.product import Product

pytestmark = pytest.mark.journey
MANY_CHANGES = f"""
from kefu.conversations.models import Conversation
from kefu.journal.models import Entry
pk = Conversation.objects.order_by("pk").values_list("pk", flat=True).first()
Entry.objects.bulk_create(
    Entry(kind="conversation.assigned", actor_kind="system", conversation_id=pk, payload={{"agent_id": None}})
    for _ in range({MOST_ENTRIES})
)
"""


class Held:
    """Answers to such requests are read by the server at once and reach the page only when they are released."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.page, self.pattern = page, pattern
        self.waiting: list[tuple[Route, APIResponse]] = []
        page.route(pattern, lambda route: self.waiting.append((route, route.fetch())))

    def wait(self) -> None:
        deadline = time.monotonic() + WITHIN
        while not self.waiting:
            assert time.monotonic() < deadline, f"Nobody asked for {self.pattern}"
            self.page.wait_for_timeout(20)

    def release(self) -> None:
        for route, response in self.waiting:
            route.fulfill(response=response)
        self.page.unroute(self.pattern)
        # One more round trip: by then the page has read what came before.
        self.page.evaluate("fetch('/healthz').then((answer) => answer.text())")


def count(desk: Page, view: str) -> Locator:
    return desk.locator(f"[data-view={view}] [data-count]")


def test_an_answer_that_was_long_on_its_way_undoes_nothing(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    customer = windows.open()
    ref = ask(customer, "第一句")
    expect(row(desk, ref)).to_contain_text("第一句")

    held = Held(desk, "**/desk/data/open/")
    desk.locator("[data-view=open]").click()
    held.wait()
    write(customer, "后来又说的一句")
    expect(row(desk, ref)).to_contain_text("后来又说的一句")
    later = ask(windows.open(), "这时才来的人")
    expect(row(desk, later)).to_be_visible()
    held.release()

    expect(desk.locator("[data-view=open]")).to_have_attribute("aria-current", "page")
    expect(row(desk, ref)).to_contain_text("后来又说的一句")
    expect(row(desk, later)).to_be_visible()


def test_only_the_view_that_was_asked_for_last_is_shown(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    held = Held(desk, "**/desk/data/resolved/")

    desk.locator("[data-view=resolved]").click()
    held.wait()
    desk.locator("[data-view=open]").click()
    expect(desk.locator("[data-view=open]")).to_have_attribute("aria-current", "page")
    held.release()

    expect(desk.locator("[data-view=open]")).to_have_attribute("aria-current", "page")
    assert desk.url.endswith("/desk/open/")


def test_while_one_conversation_is_on_its_way_the_last_one_can_not_be_touched(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    first, second = ask(windows.open(), "先来的"), ask(windows.open(), "后来的")
    open_row(desk, first)

    held = Held(desk, f"**/desk/conversation/{second}/")
    row(desk, second).click()
    held.wait()
    expect(desk.locator("#answer")).to_be_hidden()
    expect(desk.locator("[data-thread]")).to_be_hidden()
    desk.locator("body").press("i")
    held.release()

    expect(desk.locator("[data-talk-ref]")).to_have_text(second)
    expect(desk.locator("[data-thread]")).to_contain_text("后来的")
    expect(desk.locator("[data-assignee]")).to_have_value("")
    expect(row(desk, first)).to_be_visible()


def test_a_desk_that_missed_too_much_draws_list_counts_and_place_anew(
    windows: Windows, product: Product
) -> None:
    desk = windows.agent("林晚晴 Winnie")
    after: list[int] = []

    def notes(socket: WebSocket) -> None:
        def sent(said: str | bytes) -> None:
            frame = json.loads(said)
            if frame["type"] == "hello":
                after.extend(one["after"] for one in frame["watch"] if one["topic"].startswith("desk/"))

        socket.on("framesent", sent)

    desk.on("websocket", notes)
    before = int(count(desk, "unassigned").inner_text())
    desk.context.set_offline(True)
    expect(desk.locator("[data-link]")).to_be_visible()
    ref = ask(windows.open(), "掉线时来的人")
    product.django(MANY_CHANGES)
    desk.context.set_offline(False)

    expect(row(desk, ref)).to_be_visible(timeout=40_000)
    expect(count(desk, "unassigned")).to_have_text(str(before + 1))

    # The next time it goes on from there, and does not miss everything again.
    desk.context.set_offline(True)
    expect(desk.locator("[data-link]")).to_be_visible()
    with desk.expect_event("websocket", timeout=40_000):
        desk.context.set_offline(False)
    expect(desk.locator("[data-link]")).to_be_hidden(timeout=40_000)
    assert min(after[-1:]) >= max(after[:1]) + MOST_ENTRIES


def test_a_desk_without_a_socket_that_missed_too_much_asks_once_and_waits_for_the_list(
    windows: Windows, product: Product
) -> None:
    desk = windows.agent("林晚晴 Winnie")
    desk.context.add_init_script(NO_SOCKETS)
    desk.reload()
    expect(desk.locator("[data-link]")).to_be_hidden()
    desk.context.set_offline(True)
    expect(desk.locator("[data-link]")).to_be_visible()
    ref = ask(windows.open(), "掉线时来的人")
    product.django(MANY_CHANGES)
    held = Held(desk, "**/desk/data/**")

    polls: list[Request] = []
    desk.on(
        "request", lambda request: polls.append(request) if request.url.endswith("/api/v1/frames") else None
    )
    desk.context.set_offline(False)
    held.wait()
    polls.clear()
    desk.wait_for_timeout(4_000)
    # One list, and a look a second.
    assert len(held.waiting) == 1
    assert 1 <= len(polls) <= 6
    held.release()

    expect(row(desk, ref)).to_be_visible()
    # From there it goes on.
    later = ask(windows.open(), "后来的人")
    expect(row(desk, later)).to_be_visible()


def test_an_agent_who_is_away_is_told_what_customers_see_and_comes_back_with_one_tap(
    windows: Windows,
) -> None:
    desk = windows.agent("何思恩 Grace")
    hint = desk.locator("[data-away]")
    expect(hint).to_be_hidden()

    desk.locator("[data-availability]").select_option("away")
    # It is shown as soon as the server has heard of it.
    expect(hint).to_be_visible()
    expect(hint).to_contain_text("nobody is there")
    desk.reload()
    hint.get_by_role("button").click()

    expect(hint).to_be_hidden()
    expect(desk.locator("[data-availability]")).to_have_value("available")
    desk.reload()
    expect(desk.locator("[data-away]")).to_be_hidden()


A_LETTER = """
from kefu.conversations.models import Conversation
from kefu.mailroom.models import Letter
about = Conversation.objects.get(ref={ref!r})
known = {{"brand": about.brand, "kind": "answer_notice", "language": "zh-hans", "recipient": "lin@mail.example"}}
letter, _ = Letter.objects.get_or_create(key=about.ref, defaults=known | {{"conversation_id": about.pk}})
Letter.objects.filter(pk=letter.pk).update(state={state!r}, problem={problem!r}, untouched_until=None)
"""


def test_an_agent_sees_why_a_letter_waits_and_that_it_is_not_needed_any_more(
    windows: Windows, product: Product
) -> None:
    desk = windows.agent("林晚晴 Winnie")
    ref = ask(windows.open(), "信还没收到")
    product.django(A_LETTER.format(ref=ref, state="waiting", problem=""))
    row(desk, ref).click()
    mail = desk.locator("[data-mail]")
    expect(mail).to_contain_text("回复通知：发送中")

    # None of this is told by the socket.
    product.django(A_LETTER.format(ref=ref, state="waiting", problem="no_answer"))
    expect(mail).to_contain_text("邮件服务器没有响应", timeout=20_000)
    product.django(A_LETTER.format(ref=ref, state="withdrawn", problem=""))
    expect(mail).to_contain_text("已不需要", timeout=20_000)


ELSEWHERE = """(() => {
    window.notes = [];
    window.Notification = class extends EventTarget {
        static permission = "default";
        static async requestPermission() { return (this.permission = "granted"); }
        constructor(title, { tag, body } = {}) {
            super();
            if (Notification.permission === "granted") window.notes.push([title, tag, body]);
            window.lastNote = this;
        }
        close() {}
    };
    Object.defineProperty(document, "hidden", { get: () => Boolean(window.looksElsewhere) });
})()"""


def waiting_in(title: str) -> int:
    """How many wait for us; without a number nobody does."""
    found = re.match(r"\((\d+)\) ", title)
    return int(found[1]) if found else 0


def test_who_looks_elsewhere_is_told_of_new_work_once_and_finds_it_in_the_title(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie")
    desk.add_init_script(ELSEWHERE)
    desk.reload()
    waiting = waiting_in(desk.title())
    desk.locator("[data-notify-ask]").click()
    expect(desk.locator("[data-notify-ask]")).to_be_hidden()
    customer = windows.open()
    here = ask(customer, "看着工作台的时候问的")
    expect(row(desk, here)).to_be_visible()
    # The counts are told after the rows.
    expect(desk).to_have_title(re.compile(rf"^\({waiting + 1}\) "))
    assert desk.evaluate("notes") == []

    desk.evaluate("window.looksElsewhere = true")
    other = windows.open()
    ref = ask(other, "这一句不能出现在锁屏上")
    write(other, "再补一句")

    expect(row(desk, ref)).to_contain_text("再补一句")
    expect(desk).to_have_title(re.compile(rf"^\({waiting + 2}\) "))
    told = desk.evaluate("notes")
    assert {(title, tag, body) for title, tag, body in told} == {("有会话在等", ref, ref)}
    desk.evaluate("lastNote.dispatchEvent(new Event('click'))")
    expect(desk.locator("[data-thread]")).to_contain_text("这一句不能出现在锁屏上")


NO_NOTICES = """(() => {
    window.Notification = class {
        static permission = "%s";
        constructor() { throw new TypeError("Illegal constructor"); }
    };
    Object.defineProperty(document, "hidden", { get: () => true });
})()"""


@pytest.mark.parametrize("permission", ["granted", "default"])
def test_a_browser_that_can_not_notify_shows_new_work_all_the_same(windows: Windows, permission: str) -> None:
    desk = windows.agent("林晚晴 Winnie")
    desk.add_init_script(NO_NOTICES % permission)
    desk.reload()
    desk.locator("[data-link]").wait_for(state="hidden")

    ref = ask(windows.open(), "手机上也要看得到")

    expect(row(desk, ref)).to_contain_text("手机上也要看得到")
    expect(desk.locator("[data-notify-ask]")).to_be_hidden()


def test_a_customer_is_not_told_that_somebody_reads_who_looks_at_the_list(windows: Windows) -> None:
    desk, customer = windows.agent("林晚晴 Winnie", phone=True), windows.open()
    open_row(desk, ask(customer, "在吗"))
    last = customer.locator("[data-log] .message.mine").last
    expect(last).to_contain_text("已读")

    desk.locator("[data-go=list]").click()
    write(customer, "有人吗")
    # How far something has come and how far it was read is told together.
    expect(last).to_contain_text("已送达")
    desk.locator("[data-go=talk]").click()

    expect(last).to_contain_text("已读")


def test_a_click_that_has_begun_counts_whatever_is_told_meanwhile(windows: Windows) -> None:
    desk, customer = windows.agent("林晚晴 Winnie"), windows.open()
    first, second = ask(customer, "先来的"), ask(windows.open(), "后来的")
    expect(row(desk, second)).to_be_visible()
    row(desk, second).hover()

    desk.mouse.down()
    write(customer, "还在等")
    expect(row(desk, first)).to_contain_text("还在等")
    expect(row(desk, second)).to_be_focused()
    desk.mouse.up()

    expect(desk.locator("[data-talk-ref]")).to_have_text(second)


WATCH_ROWS = """() => {
    window.moved = [];
    const watcher = new MutationObserver((changes) => {
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        moved.push(...added.map((item) => item.firstElementChild.dataset.ref));
    });
    watcher.observe(document.querySelector("[data-list]"), { childList: true });
}"""


def test_a_row_that_moves_leaves_the_others_where_they_are(windows: Windows) -> None:
    desk = windows.agent("林晚晴 Winnie", view="open")
    first, second, third = (ask(windows.open(), words) for words in ("先来的", "其次的", "后来的"))
    expect(row(desk, third)).to_be_visible()
    open_row(desk, first)
    order = "[...document.querySelectorAll('a.item')].map((link) => link.dataset.ref)"
    assert desk.evaluate(order)[-3:] == [first, second, third]
    desk.evaluate(WATCH_ROWS)

    reply(desk, "在的")
    desk.wait_for_function(f"() => {order}.at(-1) === '{first}'")

    assert desk.evaluate(order)[-3:] == [second, third, first]
    assert set(desk.evaluate("moved")) == {first}


def test_the_customers_time_goes_on(windows: Windows) -> None:
    ref = ask(windows.open(zone="Asia/Tokyo"), "几点了")
    desk = windows.agent("林晚晴 Winnie")
    desk.clock.install()
    desk.goto(f"/desk/open/{ref}/")
    time_there = desk.locator("[data-their-zone='Asia/Tokyo']")
    before = time_there.inner_text()

    desk.clock.fast_forward("03:00")

    expect(time_there).not_to_have_text(before)
