"""H1: the same thread whatever the line does."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from kefu.conversations.tests.browser import ORIGIN
from tests.seeds import examples, seeds

pytestmark = pytest.mark.journey
TRACES = 200


def test_any_order_loss_and_repeat_ends_in_the_same_thread(page: Page) -> None:
    page.goto(f"{ORIGIN}/blank")

    difference = page.evaluate(
        """async ([first, traces]) => {
            const { run } = await import("/static/tests/traces.js");
            for (let seed = first; seed < first + traces; seed += 1) {
                const difference = run(seed);
                if (difference) return JSON.stringify(difference);
            }
            return null;
        }""",
        [seeds()[0], examples(TRACES)],
    )

    assert difference is None


def reduce_all(page: Page, frames: list[dict[str, Any]]) -> dict[str, Any]:
    """The state after these frames, each a second after the one before, and all that was asked for."""
    page.goto(f"{ORIGIN}/blank")
    outcome: dict[str, Any] = page.evaluate(
        """async (frames) => {
            const { begin, reduce } = await import("/static/conversations/reducer.js");
            let state = begin({ ref: "XH-7Q2M-9KDV-0T3A-C", audience: "staff" });
            const asks = [];
            frames.forEach((frame, place) => {
                const next = reduce(state, frame, place * 1000);
                state = next.state;
                asks.push(next.asks);
            });
            return { state, asks };
        }""",
        frames,
    )
    return outcome


SNAPSHOT = {
    "type": "resync",
    "snapshot": {"seq": 5, "head": {"state": "open"}, "events": [], "cursors": [], "earlier": False},
}


def write(client_id: str = "client-1", **changes: Any) -> dict[str, Any]:
    return {"type": "write", "client_id": client_id, "text": "好", "at": "2026-11-23T06:00:00Z"} | changes


def test_a_message_is_sent_when_the_line_opens_and_the_next_after_its_acknowledgement(page: Page) -> None:
    message = {
        "id": 1,
        "seq": 6,
        "author": {"kind": "agent", "id": 1, "name": "林"},
        "mine": True,
        "text": "好",
    }

    acknowledged = {"type": "ack", "client_id": "client-1", "message": message}
    frames = [SNAPSHOT, write("client-1"), write("client-2"), {"type": "hello"}, acknowledged]
    outcome = reduce_all(page, frames)

    said = [[ask["client_id"] for ask in asks if ask["type"] == "say"] for asks in outcome["asks"]]
    assert said == [[], [], [], ["client-1"], ["client-2"]]


def test_busy_waits_and_refused_stays_on_the_screen(page: Page) -> None:
    busy = {"type": "error", "code": "busy", "client_id": "client-1", "retry_after_ms": 1500}
    frames = [SNAPSHOT, {"type": "hello"}, write(), busy, {"type": "tick"}, {"type": "tick"}]

    outcome = reduce_all(page, frames)
    refused = reduce_all(
        page, [*frames, {"type": "error", "code": "refused", "client_id": "client-1"}, {"type": "tick"}]
    )

    assert [len(asks) for asks in outcome["asks"]] == [0, 0, 1, 0, 0, 1]
    assert (refused["state"]["unsent"][0]["state"], refused["asks"][-1]) == ("failed", [])


def test_a_stale_reply_is_held_until_the_agent_decides(page: Page) -> None:
    news = [{"seq": 6, "kind": "skip"}, {"seq": 7, "kind": "skip"}]
    stale = {"type": "stale", "client_id": "client-1", "spoken_seq": 7, "events": news}
    frames = [SNAPSHOT, {"type": "hello"}, write(spoken_seq=5), stale]

    held = reduce_all(page, frames)
    again = reduce_all(page, [*frames, {"type": "retry", "client_id": "client-1", "spoken_seq": 7}])

    assert (held["state"]["seq"], held["state"]["unsent"][0]["state"], held["asks"][-1]) == (7, "stale", [])
    assert again["asks"][-1][0]["spoken_seq"] == 7


def test_typing_ends_by_itself_and_with_the_message(page: Page) -> None:
    mei = {"kind": "agent", "id": 2, "name": "梅"}
    typing = {"type": "typing", "who": mei, "for_ms": 2500}
    message = {"id": 9, "seq": 6, "author": mei, "mine": True, "text": "好", "client_id": None}
    said = {"type": "events", "events": [{"seq": 6, "kind": "message", "message": message}]}

    assert reduce_all(page, [SNAPSHOT, typing, {"type": "tick"}])["state"]["typing"]
    assert not reduce_all(page, [SNAPSHOT, typing, {"type": "tick"}, {"type": "tick"}, {"type": "tick"}])[
        "state"
    ]["typing"]
    assert not reduce_all(page, [SNAPSHOT, typing, said])["state"]["typing"]


def test_a_server_put_back_to_an_earlier_day_is_believed(page: Page) -> None:
    behind = {"type": "resync", "snapshot": SNAPSHOT["snapshot"] | {"seq": 3}}

    assert reduce_all(page, [SNAPSHOT, behind])["state"]["seq"] == 5
    assert reduce_all(page, [SNAPSHOT, {"type": "hello"}, behind])["state"]["seq"] == 3
