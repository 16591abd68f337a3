"""One socket for several tabs, in a real browser against a real server, since no route of a driver reaches into a worker."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from kefu.conversations.tests.socket_server import YOU, Frames, Server

pytestmark = pytest.mark.journey

WITHIN = 20
REF = "XH-7Q2M-9KDV-0T3A-C"
TOPIC = f"conversation:{REF}/customer"
START = """async ({ topics, after, token }) => {
    const { Socket, socketUrl } = await import("/static/conversations/socket.js");
    const { sharedBy } = await import("/static/conversations/sharing.js");
    window.heard = [];
    window.were = [];
    window.introduced = 0;
    const whose = () => ((introduced += 1), token);
    window.socket = new Socket(socketUrl("/ws/v1"), { token: whose, open: sharedBy("/static/conversations/line.js") });
    socket.listen((frame) => heard.push(frame));
    socket.observe(({ state, reason }) => were.push(reason ?? state));
    for (const topic of topics) socket.watch(topic, () => after);
    socket.start();
}"""
OPEN = "window.socket?.status.state === 'open'"


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def tabs(chromium: Browser, server: Server) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=server.url)
    context.set_default_timeout(1_000 * WITHIN)
    yield context
    context.close()


def begin(page: Page, *topics: str, after: int = 0, token: str | None = None) -> None:
    page.goto("/blank")
    page.evaluate(START, {"topics": topics or [TOPIC], "after": after, "token": token})


def tab(tabs: BrowserContext, *topics: str, after: int = 0, token: str | None = None) -> Page:
    """Another tab, greeted."""
    page = tabs.new_page()
    begin(page, *topics, after=after, token=token)
    page.wait_for_function(OPEN)
    return page


def until(page: Page, is_so: Callable[[], object]) -> None:
    """Of what the server sees; the driver goes on meanwhile."""
    deadline = time.monotonic() + WITHIN
    while not is_so():
        assert time.monotonic() < deadline
        page.wait_for_timeout(10)


def run_until(page: Page, is_so: Callable[[], object], steps_of: int = 10) -> None:
    """The clock of all tabs, in small steps: a worker has none, and nobody must seem to have waited for it for long."""
    for _ in range(WITHIN * 100):
        if is_so():
            return
        page.clock.run_for(steps_of)
        page.wait_for_timeout(20)
    raise AssertionError


def heard(page: Page, kind: str) -> Frames:
    frames: Frames = page.evaluate("(kind) => heard.filter(({ type }) => type === kind)", kind)
    return frames


def until_heard(page: Page, kind: str, number: int = 1) -> None:
    page.wait_for_function(
        "([kind, number]) => heard.filter(({ type }) => type === kind).length >= number", arg=[kind, number]
    )


def say(page: Page, client_id: str) -> None:
    frame = {
        "type": "say",
        "ref": REF,
        "client_id": client_id,
        "text": "好",
        "visibility": "customer",
        "spoken_seq": None,
    }
    assert page.evaluate("(frame) => socket.send(frame)", frame)


def test_tabs_that_watch_the_same_are_on_one_socket_and_all_hear_what_is_new(
    tabs: BrowserContext, server: Server
) -> None:
    first, second = tab(tabs, after=3), tab(tabs, after=7)
    (line,) = server.lines
    until(first, lambda: line.kinds() == ["hello", "watch"])
    assert line.heard[0]["watch"] == [{"topic": TOPIC, "after": 3}]
    assert line.heard[1] == {"type": "watch", "topic": TOPIC, "after": 7}

    line.tell(type="events", topic=TOPIC, events=[])

    for page in (first, second):
        until_heard(page, "events")
        assert heard(page, "hello") == [YOU]


def test_a_tab_that_comes_before_the_greeting_shares_it(tabs: BrowserContext, server: Server) -> None:
    server.is_silent = True
    first, second = tabs.new_page(), tabs.new_page()
    begin(first, after=3)
    until(first, lambda: server.lines and server.lines[0].kinds() == ["hello"])
    begin(second, after=7)
    # Once for its key, and once for the hello that it says on the line.
    second.wait_for_function("introduced === 2")
    (line,) = server.lines
    assert line.kinds() == ["hello"]

    line.tell(**YOU)

    for page in (first, second):
        page.wait_for_function(OPEN)
    until(first, lambda: line.kinds() == ["hello", "watch"])
    assert line.heard[1]["after"] == 7


def test_a_refusal_is_told_to_the_tab_that_asked_and_what_one_has_said_to_all(
    tabs: BrowserContext, server: Server
) -> None:
    first, second = tab(tabs), tab(tabs)
    (line,) = server.lines
    say(first, "client-one")
    say(second, "client-two")
    until(first, lambda: len(line.told("say")) == 2)

    line.tell(type="ack", client_id="client-two", ref=REF, message={}, head=None)
    line.tell(type="error", code="busy", client_id="client-one", retry_after_ms=1)
    line.tell(type="typing", topic=TOPIC, who={"kind": "agent", "id": 0, "name": "林美"}, for_ms=6000)

    for page in (first, second):
        until_heard(page, "typing")
    answered = [
        [frame["client_id"] for kind in ("ack", "error") for frame in heard(page, kind)]
        for page in (first, second)
    ]
    assert answered == [["client-two", "client-one"], ["client-two"]]


def test_the_first_look_of_a_second_tab_draws_nothing_anew_in_the_first(
    tabs: BrowserContext, server: Server
) -> None:
    first = tab(tabs, after=3)
    (line,) = server.lines
    line.tell(type="events", topic=TOPIC, events=[])
    until_heard(first, "events")
    second = tab(tabs, after=-1)
    until(first, lambda: line.told("watch"))

    line.tell(type="resync", topic=TOPIC, snapshot={})
    line.tell(type="events", topic=TOPIC, events=[])

    until_heard(first, "events", 2)
    until_heard(second, "events")
    assert (len(heard(first, "resync")), len(heard(second, "resync"))) == (0, 1)


def test_only_the_last_tab_stops_listening(tabs: BrowserContext, server: Server) -> None:
    first, second = tab(tabs), tab(tabs)
    (line,) = server.lines

    first.evaluate("(topic) => socket.unwatch(topic)", TOPIC)
    first.evaluate("socket.send({ type: 'ping' })")
    until(first, lambda: line.told("ping"))
    assert line.told("unwatch") == []
    second.evaluate("(topic) => socket.unwatch(topic)", TOPIC)

    until(first, lambda: line.told("unwatch"))


@pytest.mark.parametrize("other", [{"token": "another"}, {"topics": ("conversation:XH-1/customer",)}])
def test_another_session_or_another_conversation_has_a_socket_of_its_own(
    tabs: BrowserContext, server: Server, other: dict[str, Any]
) -> None:
    tab(tabs, token="one")

    tab(tabs, *other.get("topics", ()), token=other.get("token", "one"))

    assert [line.kinds() for line in server.lines] == [["hello"], ["hello"]]


def test_whoever_watches_something_else_changes_to_a_line_of_its_own(
    tabs: BrowserContext, server: Server
) -> None:
    first, second = tab(tabs), tab(tabs)

    second.evaluate(
        "(topic) => { socket.unwatch(topic); socket.watch('conversation:XH-1/customer', () => 4); }", TOPIC
    )

    until(second, lambda: len(server.lines) == 2 and server.lines[1].heard)
    second.wait_for_function(OPEN)
    assert server.lines[1].heard[0]["watch"] == [{"topic": "conversation:XH-1/customer", "after": 4}]
    assert "conversation:XH-1/customer" not in [frame.get("topic") for frame in server.lines[0].heard]
    assert first.evaluate("were") == ["connecting", "open"]


def close(page: Page) -> None:
    page.close()


def leave(page: Page) -> None:
    page.goto("about:blank")


def crash(page: Page) -> None:
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash")


@pytest.mark.parametrize("go", [close, leave, crash])
def test_whoever_is_gone_however_they_went_leaves_the_line_to_the_others(
    tabs: BrowserContext, server: Server, go: Callable[[Page], None]
) -> None:
    first, second = tab(tabs), tab(tabs)
    (line,) = server.lines

    go(second)
    line.tell(type="events", topic=TOPIC, events=[])
    until_heard(first, "events")
    say(first, "client-one")
    until(first, lambda: line.told("say"))
    assert first.evaluate("were") == ["connecting", "open"]

    elsewhere = tabs.new_page()
    go(first)
    until(elsewhere, lambda: line.is_over)
    assert len(server.lines) == 1


def test_a_worker_that_goes_down_with_the_tab_that_began_it_is_followed_by_another(
    tabs: BrowserContext, server: Server
) -> None:
    first, second = tab(tabs), tab(tabs)

    crash(first)

    second.wait_for_function("were.filter((state) => state === 'open').length === 2")
    until(second, lambda: len(server.open_lines) == 1)
    assert tab(tabs).evaluate("were") == ["connecting", "open"]
    assert len(server.lines) == 2


def test_when_the_socket_is_lost_all_come_back_on_a_new_one(tabs: BrowserContext, server: Server) -> None:
    first, second = tab(tabs), tab(tabs)

    server.lines[0].connection.close(1012)

    until(first, lambda: len(server.lines) == 2)
    for page in (first, second):
        page.wait_for_function("were.filter((state) => state === 'open').length === 2")
    until(first, lambda: len(server.open_lines) == 1)


def test_the_end_of_a_session_is_told_to_all_its_tabs(tabs: BrowserContext, server: Server) -> None:
    first, second = tab(tabs), tab(tabs)

    server.lines[0].connection.close(4001)

    for page in (first, second):
        page.wait_for_function("socket.status.reason === 'signed_out'")


def test_a_line_that_one_tab_finds_dead_is_left_by_all(tabs: BrowserContext, server: Server) -> None:
    first = tabs.new_page()
    first.clock.install()
    begin(first)
    run_until(first, lambda: first.evaluate(OPEN))
    second = tab(tabs)
    server.lines[0].is_silent = True

    first.clock.run_for(21_000)
    until(first, lambda: server.lines[0].told("ping"))
    run_until(first, lambda: len(server.lines) == 2, steps_of=100)

    second.wait_for_function("were.filter((state) => state === 'open').length === 2")
    until(first, lambda: len(server.open_lines) == 1)


def test_a_page_without_network_does_not_go_on_by_a_line_that_still_stands(
    tabs: BrowserContext, server: Server
) -> None:
    first, second = tab(tabs), tab(tabs)

    first.evaluate("""() => {
        Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
        dispatchEvent(new Event("offline"));
    }""")

    until(first, lambda: len(server.lines) == 2)
    first.wait_for_function(OPEN)
    assert second.evaluate("were") == ["connecting", "open"]
    assert server.lines[1].kinds() == ["hello"]


def test_a_page_that_wakes_up_comes_back_to_the_line(tabs: BrowserContext, server: Server) -> None:
    first, second = tab(tabs), tab(tabs)

    asleep = first.evaluate("""() => {
        dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
        const { state } = socket.status;
        dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        return state;
    }""")

    assert asleep == "connecting"
    first.wait_for_function(OPEN)
    close(second)
    server.lines[0].tell(type="events", topic=TOPIC, events=[])
    until_heard(first, "events")
    assert len(server.lines) == 1


def test_where_no_socket_is_let_through_each_tab_goes_on_by_requests(
    tabs: BrowserContext, server: Server
) -> None:
    server.is_blocked = True
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.post_data)
        if not json.loads(asked[-1])["wait"]:
            route.fulfill(json={"frames": [YOU], "close": None})

    tabs.route("**/api/v1/frames", answer)

    pages = tab(tabs), tab(tabs)

    assert all(page.evaluate(OPEN) for page in pages)
    assert len(asked) >= 2


WITHOUT = {
    "no such workers": "delete window.SharedWorker",
    "no locks": "Object.defineProperty(navigator, 'locks', { value: undefined })",
    "they are refused": "window.SharedWorker = class { constructor() { throw new DOMException('', 'SecurityError'); } }",
    "the script is missing": "window.SharedWorker = class extends SharedWorker { constructor() { super('/nothing.js'); } }",
    "no answer comes": "window.SharedWorker = class { port = { postMessage() {}, close() {} }; }",
}


@pytest.mark.parametrize("script", WITHOUT.values(), ids=WITHOUT.keys())
def test_without_workers_each_tab_has_a_socket_of_its_own(
    tabs: BrowserContext, server: Server, script: str
) -> None:
    tabs.add_init_script(script)

    first, second = tab(tabs), tab(tabs)

    assert [line.kinds() for line in server.lines] == [["hello"], ["hello"]]
    say(second, "client-two")
    until(first, lambda: server.lines[1].told("say"))
    server.lines[1].connection.close(1012)
    until(first, lambda: len(server.lines) == 3)
    second.wait_for_function("were.filter((state) => state === 'open').length === 2")
    assert second.evaluate("were") == ["connecting", "open", "connecting", "connecting", "open"]
