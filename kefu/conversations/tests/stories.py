"""The reducer's stories, in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

from kefu.conversations.tests.browser import ORIGIN, TYPES
from tests.protocol import check, check_said

FOLDER = Path(__file__).parent / "reducer"
REDUCER = f"{ORIGIN}/static/conversations/reducer.js"
ASK = """async () => (await import("/static/tests/reducer/stories.js")).differences()"""

FRAMES = """async () => (await import("/static/tests/reducer/stories.js")).frames()"""
A_FRAME = {"customer": "CustomerFrame", "staff": "StaffFrame"}
A_PAGE = {"customer": "CustomerOlder", "staff": "Older"}


def serve_stories(page: Page) -> None:
    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        route.fulfill(body=(FOLDER / name).read_bytes(), content_type=TYPES[".js"])

    page.route(f"{ORIGIN}/static/tests/reducer/*", answer)


def differences(page: Page) -> list[dict[str, Any]]:
    """Name, what came out and what should have, for each story that came out otherwise."""
    page.goto(f"{ORIGIN}/blank")
    found: list[dict[str, Any]] = page.evaluate(ASK)
    return found


def check_frames(page: Page) -> int:
    """Of the stories told on this page, whether each frame is of the protocol, and how many. Raises NotInProtocol."""
    told: dict[str, list[Any]] = page.evaluate(FRAMES)
    for audience, frame in told["heard"]:
        check(frame, A_FRAME[audience])
    for audience, older in told["pages"]:
        check(older, A_PAGE[audience])
    for frame in told["asked"]:
        check_said(frame)
    return sum(map(len, told.values()))
