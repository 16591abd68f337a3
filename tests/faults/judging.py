"""What must hold at the end of a run: what each client has is what the database has."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from kefu.conversations.tests.browser import ORIGIN, a_browser, serve_files
from tests.faults.crowd import NOTE, Crowd
from tests.faults.desks import Desk
from tests.faults.reading import Reading

Truth = dict[str, dict[str, Any]]
SCRIPT = Path(__file__).with_name("threads.js")
MOST_SHOWN = 20
COUNTED = {"customer": "customer_seq", "staff": "seq"}


def judge(crowd: Crowd, truth: Truth) -> None:
    wrong = [f"{one.cookie[:20]}: {what}" for one in crowd.clients for what in one.wrong]
    for reading in crowd.readings:
        wrong += _of_reading(reading, truth[reading.ref]["messages"])
    for desk in crowd.agents:
        wrong += _of_list(desk, truth)
    assert any(NOTE in row["text"] for told in truth.values() for row in told["messages"])
    wrong += differences_in_browser(crowd, truth)
    assert not wrong, "\n".join([f"{len(wrong)} things are wrong:", *wrong[:MOST_SHOWN]])


def behind(crowd: Crowd, truth: Truth) -> list[str]:
    """Who has not come exactly as far as the database."""
    wants = {reading: truth[reading.ref]["pages"][reading.audience]["seq"] for reading in crowd.readings}
    return [
        f"{reading.topic} at {reading.seq} of {seq}" for reading, seq in wants.items() if reading.seq != seq
    ]


def _of_reading(reading: Reading, rows: list[dict[str, Any]]) -> list[str]:
    count = COUNTED[reading.audience]
    visible = [row for row in rows if row[count] is not None]
    has = [(one["seq"], one["visibility"], one["text"]) for one in _in_order(reading)]
    wants = [(row[count], row["visibility"], row["text"]) for row in visible]
    stored = Counter(row["client_id"] for row in rows)
    own = [row["client_id"] for row in rows if row["client_id"] in set(reading.said)]
    problems = {
        "has another thread than the database": has != wants,
        "has other places than the database": len({row[count] for row in visible}) != len(visible),
        "was refused": reading.refused,
        "began anew": not 1 <= reading.resyncs <= max(1, reading.beginnings),
        "said something that is not there exactly once": [one for one in reading.said if stored[one] != 1],
        "was told of something as stored that is not there": [
            one for one in reading.acked if stored[one] != 1
        ],
        "said it in another order": _without_held(own, reading) != _without_held(reading.said, reading),
    }
    return [f"{reading.topic} {what}: {problem}" for what, problem in problems.items() if problem]


def _in_order(reading: Reading) -> list[dict[str, Any]]:
    return sorted(reading.messages.values(), key=lambda one: int(one["seq"]))


def _without_held(client_ids: list[str], reading: Reading) -> list[str]:
    """What was held back as stale goes when its agent decides, and others may go before."""
    return [one for one in client_ids if one not in reading.held]


def _of_list(desk: Desk, truth: Truth) -> list[str]:
    """Cursors move a conversation's place and change nothing in its row."""
    wants = {ref: truth[ref]["row"] for ref in desk.may_see}
    return [
        f"the list of agent {desk.agent} has {desk.rows.get(ref)} instead of {row}"
        for ref, row in wants.items()
        if desk.rows.get(ref, {}) | {"seq": 0} != row | {"seq": 0}
    ]


def differences_in_browser(crowd: Crowd, truth: Truth) -> list[str]:
    """Where what the reducer that browsers run makes of what was heard is not what it makes of a fresh page."""
    code = 'async (told) => (await import("/threads.js")).differences(told)'
    found: list[str] = []
    with a_browser() as browser:
        page = browser.new_page()
        serve_files(page, {"/blank": "<!doctype html>"})
        page.route(f"{ORIGIN}/threads.js", lambda route: route.fulfill(path=SCRIPT))
        page.goto(f"{ORIGIN}/blank")
        for reading in crowd.readings:
            fresh = truth[reading.ref]["pages"][reading.audience]
            told = {"ref": reading.ref, "audience": reading.audience, "heard": reading.heard, "page": fresh}
            found += page.evaluate(code, told)
    return found
