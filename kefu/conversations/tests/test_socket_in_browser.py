"""The one connection of a page, in a real browser against a server that only takes notes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute

from kefu.conversations.tests.browser import ORIGIN

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
        way.on_message(lambda raw: frames.append(json.loads(raw)))

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
