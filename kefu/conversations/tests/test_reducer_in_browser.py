"""H1: the same thread whatever the line does."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from kefu.conversations.tests.browser import ORIGIN
from tests.protocol import check, check_said
from tests.seeds import examples, seeds

pytestmark = pytest.mark.journey
TRACES = 200
# All traces are made of the same; what some hear is enough to know that all hear frames of the protocol.
LOOKED_AT = 3


def test_any_order_loss_and_repeat_ends_in_the_same_thread(page: Page) -> None:
    page.goto(f"{ORIGIN}/blank")

    found: dict[str, Any] = page.evaluate(
        """async ([first, traces, lookedAt]) => {
            const { run } = await import("/static/tests/traces.js");
            const recorded = { heard: [], asked: [] };
            for (let seed = first; seed < first + traces; seed += 1) {
                const difference = run(seed, { recorded: seed < first + lookedAt ? recorded : null });
                if (difference) return { difference: JSON.stringify(difference), ...recorded };
            }
            return { difference: null, ...recorded };
        }""",
        [seeds()[0], examples(TRACES), LOOKED_AT],
    )

    assert found["difference"] is None
    for frame in found["heard"]:
        check(frame, "CustomerFrame")
    for frame in found["asked"]:
        check_said(frame)
    assert {"hello", "events", "resync", "ack"} <= {frame["type"] for frame in found["heard"]}


def reduce_all(page: Page, frames: list[dict[str, Any]]) -> dict[str, Any]:
    """The state after these frames, each a second after the one before, and all that was asked for."""
    for frame in frames:
        if frame["type"] not in OWN:
            check(frame, "StaffFrame")
    page.goto(f"{ORIGIN}/blank")
    outcome: dict[str, Any] = page.evaluate(
        """async ([frames, ref]) => {
            const { begin, reduce } = await import("/static/conversations/reducer.js");
            let state = begin({ ref, audience: "staff" });
            const asks = [];
            frames.forEach((frame, place) => {
                const next = reduce(state, frame, place * 1000);
                state = next.state;
                asks.push(next.asks);
            });
            return { state, asks };
        }""",
        [frames, REF],
    )
    for asks in outcome["asks"]:
        for frame in asks:
            check_said(frame)
    return outcome


REF = "XH-7Q2M-9KDV-0T3A-C"
TOPIC = f"conversation:{REF}/staff"
AT = "2026-11-23T06:00:00+00:00"
# What the page says to itself.
OWN = {"closed", "write", "retry", "tick"}
MEI = {"kind": "agent", "id": 2, "name": "梅"}
HELLO = {"type": "hello", "protocol": 1, "you": {"kind": "agent", "id": 1, "name": "林"}}
HEAD = {
    "ref": REF,
    "state": "open",
    "turn": "next_reply",
    "turn_since": AT,
    "assignee": None,
    "topic": "account",
    "language": "zh-hans",
    "spoken_seq": 5,
    "customer": {"kind": "customer", "id": 4, "name": "陈晓", "level": 0, "zone": "Asia/Shanghai"},
}
SNAPSHOT: dict[str, Any] = {
    "type": "resync",
    "topic": TOPIC,
    "snapshot": {"topic": TOPIC, "seq": 5, "head": HEAD, "events": [], "cursors": [], "earlier": False},
}


def message(**fields: Any) -> dict[str, Any]:
    """The next one."""
    whole = {"id": 9, "seq": 6, "client_id": None, "author": MEI, "mine": True, "visibility": "customer"}
    return (
        whole
        | {"text": "好", "secrets": [], "files": [], "at": AT, "edited": False, "erased": False}
        | fields
    )


def refused(code: str, retry_after_ms: int | None = None) -> dict[str, Any]:
    return {"type": "error", "code": code, "client_id": "client-1", "retry_after_ms": retry_after_ms}


def write(client_id: str = "client-1", **changes: Any) -> dict[str, Any]:
    return {"type": "write", "client_id": client_id, "text": "好", "at": "2026-11-23T06:00:00Z"} | changes


def test_a_message_is_sent_when_the_line_opens_and_the_next_after_its_acknowledgement(page: Page) -> None:
    acknowledged = {
        "type": "ack",
        "client_id": "client-1",
        "ref": REF,
        "message": message(client_id="client-1"),
        "head": None,
    }
    frames = [SNAPSHOT, write("client-1"), write("client-2"), HELLO, acknowledged]
    outcome = reduce_all(page, frames)

    said = [[ask["client_id"] for ask in asks if ask["type"] == "say"] for asks in outcome["asks"]]
    assert said == [[], [], [], ["client-1"], ["client-2"]]


def test_busy_waits_and_refused_stays_on_the_screen(page: Page) -> None:
    frames = [SNAPSHOT, HELLO, write(), refused("busy", 1500), {"type": "tick"}, {"type": "tick"}]

    outcome = reduce_all(page, frames)
    failed = reduce_all(page, [*frames, refused("refused"), {"type": "tick"}])

    assert [len(asks) for asks in outcome["asks"]] == [0, 0, 1, 0, 0, 1]
    assert (failed["state"]["unsent"][0]["state"], failed["asks"][-1]) == ("failed", [])


def test_a_stale_reply_is_held_until_the_agent_decides(page: Page) -> None:
    news = [{"seq": seq, "kind": "skip", "at": AT} for seq in (6, 7)]
    stale = {"type": "stale", "client_id": "client-1", "ref": REF, "spoken_seq": 7, "events": news}
    frames = [SNAPSHOT, HELLO, write(spoken_seq=5), stale]

    held = reduce_all(page, frames)
    again = reduce_all(page, [*frames, {"type": "retry", "client_id": "client-1", "spoken_seq": 7}])

    assert (held["state"]["seq"], held["state"]["unsent"][0]["state"], held["asks"][-1]) == (7, "stale", [])
    assert again["asks"][-1][0]["spoken_seq"] == 7


def test_typing_ends_by_itself_and_with_the_message(page: Page) -> None:
    typing = {"type": "typing", "topic": TOPIC, "who": MEI, "for_ms": 2500}
    event = {"seq": 6, "kind": "message", "at": AT, "message": message()}
    said = {"type": "events", "topic": TOPIC, "events": [event]}

    assert reduce_all(page, [SNAPSHOT, typing, {"type": "tick"}])["state"]["typing"]
    assert not reduce_all(page, [SNAPSHOT, typing, {"type": "tick"}, {"type": "tick"}, {"type": "tick"}])[
        "state"
    ]["typing"]
    assert not reduce_all(page, [SNAPSHOT, typing, said])["state"]["typing"]


def test_a_server_put_back_to_an_earlier_day_is_believed(page: Page) -> None:
    behind = SNAPSHOT | {"snapshot": SNAPSHOT["snapshot"] | {"seq": 3}}

    assert reduce_all(page, [SNAPSHOT, behind])["state"]["seq"] == 5
    assert reduce_all(page, [SNAPSHOT, HELLO, behind])["state"]["seq"] == 3
