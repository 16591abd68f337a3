"""H1: the parts of the workspace that need no server, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page

from kefu.conversations.tests.browser import ORIGIN, serve_files
from kefu.ui.languages import html_lang

pytestmark = pytest.mark.journey


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    serve_files(page, {"/blank": "<!doctype html>"})
    page.goto(f"{ORIGIN}/blank")
    yield page
    page.close()


SPOKEN = """async ({ items, head, from }) => {
    const { spoken } = await import("/static/conversations/reducer.js");
    return spoken({ items, head, from });
}"""


def item(place: int, visibility: str = "customer") -> dict[str, Any]:
    return {"kind": "message", "place": place, "message": {"visibility": visibility}}


@pytest.mark.parametrize(
    ("items", "head", "start", "last"),
    [
        # What the head knows of, but the screen doesn't show, was not read.
        ([item(3)], 7, 0, 3),
        ([item(3), item(5, "staff"), {"kind": "resolved", "place": 6}], 3, 0, 3),
        # Nothing but notes below the line to which the agent can go back.
        ([item(120, "staff")], 4, 20, 4),
        ([item(120), item(122, "staff")], 120, 20, 120),
        ([], 7, 0, 0),
    ],
)
def test_a_reply_answers_the_last_thing_said_that_is_on_the_screen(
    page: Page, items: list[dict[str, Any]], head: int, start: int, last: int
) -> None:
    state = {"items": dict(enumerate(items)), "head": {"spoken_seq": head}, "from": start}

    assert page.evaluate(SPOKEN, state) == last


STALE = """async () => {
    const { begin, reduce } = await import("/static/conversations/reducer.js");
    const snapshot = { seq: 5, head: { spoken_seq: 5 }, events: [], cursors: [], earlier: false };
    const frames = [
        { type: "hello" },
        { type: "resync", snapshot },
        { type: "write", client_id: "client-1", text: "好的", visibility: "customer", spoken_seq: 5, at: "2026-01-01" },
        { type: "stale", client_id: "client-1", spoken_seq: 900, events: [] },
    ];
    let next = { state: begin({ ref: "XH-1", audience: "staff" }) };
    frames.forEach((frame, place) => (next = reduce(next.state, frame, place * 10_000)));
    return next.asks.filter(({ type }) => type === "watch").map(({ after }) => after);
}"""


def test_what_held_a_reply_back_is_fetched_if_it_did_not_come_along(page: Page) -> None:
    assert page.evaluate(STALE) == [5]


NEWEST = """async () => {
    const { Newest } = await import("/static/desk/rows.js");
    const waiting = { state: "open", turn_since: "2026-01-01", waits_for_us: true, assignee: null };
    const row = (ref, seq, more) => ({ ref, id: seq, seq, ...waiting, ...more });
    const list = (rows) => ({ view: "unassigned", rows, next: null });
    const refs = ({ rows }) => rows.map(({ ref, seq }) => `${ref}${seq}`);
    const me = { id: 1 };
    const newest = new Newest();
    newest.take(row("A", 3), 10);
    newest.take(row("B", 5, { state: "resolved" }), 11);
    newest.take(row("C", 2), 12);
    newest.take(row("D", 9), 8);
    const answer = list([row("A", 2), row("B", 4), row("E", 1)]);
    return [newest.take(row("A", 2)), newest.take(row("A", 3)), refs(newest.over(answer, answer.rows, me, 10))];
}"""


def test_an_older_answer_is_brought_up_to_what_is_known(page: Page) -> None:
    older, same, refs = page.evaluate(NEWEST)

    assert (older, same) == (False, True)
    # A is the newer one, B is resolved by now, C came after the answer was read, and D had left the list before.
    assert sorted(refs) == ["A3", "C2", "E1"]


BASIS = """async () => {
    const { draw } = await import("/static/desk/context.js");
    const customer = { level: 3, name: "林晚晴", language: "en", zone: "", since: "2026-11-23T01:00:00Z", identities: [] };
    customer.basis = { reason: "vouched", since: "2026-11-23T01:00:00Z" };
    draw({ customer, row: {}, trail: [], letters: [], previous: [] }, "open");
    return document.querySelector("[data-basis]").textContent;
}"""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "由平台担保。自 "),
        ("zh-hant", "由平台擔保。自 "),
        ("en", "which vouches for them. Since "),
    ],
)
def test_since_when_somebody_is_believed_follows_as_sentences_do_in_their_language(
    page: Page, language: str, said: str
) -> None:
    with translation.override(language):
        words = render_to_string("desk/row_templates.html")
    serve_files(page, {"/desk": f'<!doctype html><html lang="{html_lang(language)}"><p data-context>{words}'})
    page.goto(f"{ORIGIN}/desk")

    assert said in page.evaluate(BASIS)
