"""A frame of a browser that the schema does not know fails the story in which it passed."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from websockets.sync.server import ServerConnection as Line
from websockets.sync.server import serve as serve_in_thread

from tests import protocol
from tests.journeys.conftest import WITHIN

POST = "(body) => fetch('/api/v1/frames', { method: 'POST', body }).then((told) => told.text())"

TALK = """(url) => new Promise((done) => {
    const socket = new WebSocket(url);
    socket.onopen = () => socket.send('{"type": "hop"}');
    socket.onmessage = () => { socket.onclose = done; socket.close(); };
})"""

SHARE = """(script) => new Promise((done) => {
    const { port } = new SharedWorker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    port.onmessage = () => done();
    port.postMessage({ what: "say", data: '{"type": "hop"}' });
})"""
WORKER = """onconnect = ({ ports: [port] }) => {
    port.onmessage = () => port.postMessage({ what: "frame", data: '{"type": "fly"}' });
}"""


@pytest.fixture
def noted() -> Iterator[list[str]]:
    yield protocol.noted
    # The test has seen to them itself.
    protocol.noted.clear()


def expect_noted(page: Page, noted: list[str], *frames: str) -> None:
    """A page has heard all before all of it is told here."""
    ends = time.monotonic() + WITHIN
    while len(noted) < len(frames):
        assert time.monotonic() < ends, noted
        page.wait_for_timeout(20)
    assert [problem.partition(" in ")[2] for problem in noted] == list(frames)


def answer_in_thread(line: Line) -> None:
    for _ in line:
        line.send('{"type": "fly"}')


@pytest.mark.journey
def test_sockets_of_browsers_are_listened_to(browser: Browser, noted: list[str]) -> None:
    page = browser.new_context().new_page()
    with serve_in_thread(answer_in_thread, "127.0.0.1", 0) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        page.evaluate(TALK, f"ws://127.0.0.1:{server.socket.getsockname()[1]}/ws/v1")
        server.shutdown()
        serving.join()

    expect_noted(page, noted, '{"type": "hop"}', '{"type": "fly"}')


@pytest.mark.journey
def test_requests_of_browsers_are_listened_to(browser: Browser, noted: list[str]) -> None:
    answer = {"frames": [{"type": "fly"}], "close": None}
    page = browser.new_page()
    page.route("http://kefu.test/**", lambda route: route.fulfill(json=answer))
    page.goto("http://kefu.test/")

    with page.expect_event("requestfinished", lambda request: request.method == "POST"):
        page.evaluate(POST, '{"protocol": 2}')

    expect_noted(page, noted, '{"protocol": 2}', json.dumps(answer))


@pytest.mark.journey
def test_what_passes_between_a_page_and_a_shared_socket_is_listened_to(
    browser: Browser, noted: list[str]
) -> None:
    page = browser.new_context().new_page()
    page.route("http://kefu.test/", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto("http://kefu.test/")

    page.evaluate(SHARE, WORKER)

    expect_noted(page, noted, '{"type": "hop"}', '{"type": "fly"}')
