"""The one connection of a page, in a real browser against a server that only takes notes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute

from kefu.conversations.tests.browser import ORIGIN
from tests.protocol import note, note_said

pytestmark = pytest.mark.journey

START = """async (number) => {
    const { Socket } = await import("/static/conversations/socket.js");
    window.socket = new Socket("ws://kefu.test/ws/v1");
    for (let place = 1; place <= number; place++) socket.watch(`desk/${place}`, () => place);
    socket.start();
}"""
OPEN = "window.socket?.status.state === 'open'"
YOU = {"type": "hello", "protocol": 1, "you": {"kind": "agent", "id": 1, "name": "林美"}}
Frames = list[dict[str, Any]]


class Server:
    """Keeps what it is sent; says hello when told to."""

    def __init__(self, page: Page) -> None:
        self.heard: list[Frames] = []
        self.ways: list[WebSocketRoute] = []
        page.route_web_socket("ws://kefu.test/ws/v1", self._take)

    def _take(self, way: WebSocketRoute) -> None:
        frames: Frames = []
        self.ways.append(way)
        self.heard.append(frames)
        way.on_message(lambda raw: self._hear(frames, raw))

    def _hear(self, frames: Frames, raw: str | bytes) -> None:
        note_said(raw)
        frames.append(json.loads(raw))

    def greet(self) -> None:
        self.ways[-1].send(json.dumps(YOU))


def watched(frames: Frames) -> list[tuple[str, int]]:
    """Topic and cursor of each, those of the hello first."""
    return [(one["topic"], one["after"]) for one in [*frames[0]["watch"], *frames[1:]]]


def until_heard(page: Page, server: Server, connections: int = 1) -> None:
    for _ in range(1_000):
        if len(server.heard) >= connections and server.heard[-1]:
            return
        page.wait_for_timeout(10)
    raise AssertionError(server.heard)


def test_more_topics_than_a_hello_takes_follow_it(page: Page) -> None:
    server = Server(page)
    page.goto(f"{ORIGIN}/blank")
    page.evaluate(START, 120)
    until_heard(page, server)
    assert len(server.heard[0]) == 1

    server.greet()
    page.wait_for_function(OPEN)

    assert len(server.heard[0][0]["watch"]) == 50
    assert {frame["type"] for frame in server.heard[0][1:]} == {"watch"}
    assert watched(server.heard[0]) == [(f"desk/{place}", place) for place in range(1, 121)]


def test_they_follow_again_after_the_connection_was_lost(page: Page) -> None:
    server = Server(page)
    page.goto(f"{ORIGIN}/blank")
    page.evaluate(START, 51)
    until_heard(page, server)
    server.greet()
    page.wait_for_function(OPEN)

    server.ways[0].close(code=1012)
    until_heard(page, server, connections=2)
    server.greet()
    page.wait_for_function(OPEN)

    assert watched(server.heard[1]) == [(f"desk/{place}", place) for place in range(1, 52)]


def test_what_is_asked_for_while_the_hello_is_on_its_way_is_not_forgotten(page: Page) -> None:
    server = Server(page)
    page.goto(f"{ORIGIN}/blank")
    page.evaluate(START, 2)
    until_heard(page, server)
    page.evaluate("socket.watch('desk/9', () => 9); socket.unwatch('desk/1')")

    server.greet()
    page.wait_for_function(OPEN)

    asked = [(frame["type"], frame["topic"]) for frame in server.heard[0][1:]]
    assert asked == [("watch", "desk/9"), ("unwatch", "desk/1")]


KEEPS_SOCKETS = """
window.made = [];
window.WebSocket = class extends WebSocket {
    constructor(url) {
        super(url);
        window.made.push(this);
    }
};
true;
"""


def test_what_is_given_to_a_socket_that_closes_is_told_not_to_be_sent(page: Page) -> None:
    server = Server(page)
    page.goto(f"{ORIGIN}/blank")
    page.evaluate(KEEPS_SOCKETS)
    page.evaluate(START, 1)
    until_heard(page, server)
    server.greet()
    page.wait_for_function(OPEN)
    assert page.evaluate("socket.send({ type: 'ping' })") is True

    at_once = page.evaluate("made[0].close(), [socket.status.state, socket.send({ type: 'ping' })]")

    assert at_once == ["open", False]


BLOCKED = """
window.tried = 0;
window.WebSocket = class {
    constructor() {
        window.tried += 1;
        setTimeout(() => (window.lets ? this.onopen?.() : (this.onerror?.(), this.onclose?.({ code: 1006 }))), 1);
    }
    send(raw) { window.sent = raw; }
    close() {}
};
"""


class Requests:
    """A server that is asked by plain requests; `next` is what the next one is told, a request that waits hangs."""

    def __init__(self, page: Page) -> None:
        self.asked: list[dict[str, Any]] = []
        self.waiting: list[Route] = []
        self.is_down = False
        page.route("**/api/v1/frames", self._take)

    def _take(self, route: Route) -> None:
        if self.is_down:
            route.abort()
            return
        note(route.request.post_data or "", "FramesRequest")
        asked = json.loads(route.request.post_data or "")
        self.asked.append(asked)
        if asked["wait"]:
            self.waiting.append(route)
        else:
            answers = [ack(frame) for frame in asked["frames"]]
            self.tell(route, YOU, *answers)

    @staticmethod
    def tell(route: Route, *frames: dict[str, Any], close: int | None = None) -> None:
        route.fulfill(json={"frames": list(frames), "close": close})


def ack(frame: dict[str, Any]) -> dict[str, Any]:
    return {"type": "pong"} if frame["type"] == "ping" else {"type": "ack", "client_id": frame["client_id"]}


def listening(page: Page) -> None:
    page.evaluate("""() => {
        window.heard = [];
        socket.listen((frame) => heard.push(frame.type + (frame.client_id ?? "")));
    }""")


def begin_blocked(page: Page) -> Requests:
    requests = Requests(page)
    page.add_init_script(BLOCKED)
    page.clock.install(time=0)
    page.goto(f"{ORIGIN}/blank")
    # From now on it goes as far as the story lets it, however long the story takes.
    page.clock.pause_at(1_000)
    page.evaluate(START, 60)
    listening(page)
    for _ in range(200):
        if page.evaluate(OPEN):
            return requests
        page.clock.run_for(100)
        page.wait_for_timeout(5)
    raise AssertionError(page.evaluate("[tried, JSON.stringify(socket.status)]"))


def until_waiting(page: Page, requests: Requests, number: int) -> Route:
    for _ in range(1_000):
        if len(requests.waiting) >= number:
            return requests.waiting[number - 1]
        page.wait_for_timeout(10)
    raise AssertionError(requests.asked)


def test_where_sockets_are_blocked_requests_say_and_hear_the_same(page: Page) -> None:
    requests = begin_blocked(page)

    assert page.evaluate("tried") == 2
    first = requests.asked[0]
    assert (first["protocol"], first["token"], first["wait"]) == (1, None, 0)
    assert [one["after"] for one in first["watch"]] == list(range(1, 61))

    poll = until_waiting(page, requests, 1)
    page.evaluate("""() => {
        const ref = "XH-7Q2M-9KDV-0T3A-C";
        for (const name of "abc") socket.send({ type: "say", ref, client_id: `client-${name}`, text: "好" });
    }""")
    page.wait_for_function("heard.filter((type) => type.startsWith('ack')).length === 3")
    requests.tell(poll, YOU, {"type": "events", "topic": "desk/1", "events": []})
    page.wait_for_function("heard.includes('events')")

    assert page.evaluate("heard.filter((type) => type.startsWith('ack'))") == [
        "ackclient-a",
        "ackclient-b",
        "ackclient-c",
    ]
    assert page.evaluate("heard.filter((type) => type === 'hello').length") == 1
    until_waiting(page, requests, 2)


def test_a_topic_that_is_asked_for_later_is_in_the_next_request(page: Page) -> None:
    requests = begin_blocked(page)
    until_waiting(page, requests, 1)

    page.evaluate("socket.watch('desk/77', () => 7)")
    until_waiting(page, requests, 2)

    assert {"topic": "desk/77", "after": 7} in requests.asked[-1]["watch"]


def test_what_is_refused_is_asked_for_again_after_a_rest_and_something_else_at_once(page: Page) -> None:
    requests = begin_blocked(page)
    refused = {"type": "error", "code": "not_found"}
    for answered in (1, 2):
        requests.tell(until_waiting(page, requests, answered), YOU, refused)
        page.wait_for_function(f"heard.filter((type) => type === 'error').length === {answered}")
        page.clock.run_for(4_900)
        page.wait_for_timeout(100)
        assert len(requests.waiting) == answered
        if answered == 1:
            page.clock.run_for(200)
        else:
            page.evaluate("socket.watch('desk/77', () => 7)")
        until_waiting(page, requests, answered + 1)


def test_a_socket_takes_over_again_as_soon_as_it_is_let_through(page: Page) -> None:
    requests = begin_blocked(page)
    until_waiting(page, requests, 1)
    # Soon, for the line may only have been down; and once a minute.
    for seconds, tried in ((5, 3), (50, 3), (10, 4)):
        for _ in range(2 * seconds):
            page.clock.run_for(500)
            page.wait_for_timeout(15)
        assert page.evaluate("tried") == tried
    assert page.evaluate(OPEN)

    page.evaluate("window.lets = true")
    for _ in range(200):
        page.clock.run_for(1_000)
        page.wait_for_timeout(5)
        if page.evaluate("window.sent ?? ''"):
            break

    assert json.loads(page.evaluate("window.sent"))["type"] == "hello"
    assert not page.evaluate(OPEN), "It is open when the server has said hello on it."


def test_when_neither_goes_through_a_socket_is_tried_first_again(page: Page) -> None:
    requests = begin_blocked(page)
    poll = until_waiting(page, requests, 1)
    requests.is_down = True
    tried = page.evaluate("tried")
    poll.abort()

    for _ in range(300):
        page.clock.run_for(1_000)
        page.wait_for_timeout(5)
        if page.evaluate("tried") >= tried + 2:
            break
    assert page.evaluate("tried") >= tried + 2
    requests.is_down = False
    for _ in range(300):
        page.clock.run_for(1_000)
        page.wait_for_timeout(5)
        if page.evaluate(OPEN):
            break
    assert page.evaluate(OPEN)


def test_a_network_that_was_down_is_not_taken_for_one_that_blocks_sockets(page: Page) -> None:
    begin_blocked(page)
    tried = page.evaluate("tried")

    page.evaluate("dispatchEvent(new Event('offline'))")
    page.evaluate("window.lets = true")
    page.evaluate("dispatchEvent(new Event('online'))")

    for _ in range(200):
        page.clock.run_for(100)
        page.wait_for_timeout(5)
        if page.evaluate("window.sent ?? ''"):
            break
    assert page.evaluate("tried") == tried + 1
    assert json.loads(page.evaluate("window.sent"))["type"] == "hello"


def test_a_code_that_is_final_ends_it_by_requests_too(page: Page) -> None:
    requests = begin_blocked(page)
    requests.tell(until_waiting(page, requests, 1), close=4001)

    page.wait_for_function("socket.status.state === 'closed'")

    assert page.evaluate("socket.status.reason") == "signed_out"


CROWD = """
window.opened = [];
window.WebSocket = class {
    constructor() {
        opened.push([Date.now(), this]);
        setTimeout(() => this.onopen?.());
    }
    send() { setTimeout(() => this.onmessage?.({ data: JSON.stringify(window.greeting) })); }
    close() {}
};
let drawn = 0;
Math.random = () => (drawn++ % 20) / 20;
"""


def test_who_is_sent_away_in_one_moment_comes_back_spread(page: Page) -> None:
    page.add_init_script(f"window.greeting = {json.dumps(YOU)};{CROWD}")
    page.clock.install()
    page.goto(f"{ORIGIN}/blank")
    page.evaluate("""async () => {
        const { Socket } = await import("/static/conversations/socket.js");
        window.sockets = Array.from({ length: 60 }, () => new Socket("ws://kefu.test/ws/v1"));
        for (const socket of sockets) socket.start();
    }""")
    for _ in range(100):
        if page.evaluate("sockets.every((socket) => socket.status.state === 'open')"):
            break
        page.clock.run_for(100)
    page.evaluate(
        "window.sentAway = Date.now(); for (const [, one] of [...opened]) one.onclose({ code: 1012 });"
    )
    page.clock.run_for(6_000)

    waits = sorted(page.evaluate("opened.slice(60).map(([at]) => at - sentAway)"))
    assert len(waits) == 60
    # Not before the server has had a moment, not all together, and nobody stays away for long.
    assert waits[0] >= 250
    assert waits[-1] <= 3_500
    busiest = max(sum(1 for wait in waits if begin <= wait < begin + 500) for begin in range(0, 3_500, 100))
    assert busiest <= 20
