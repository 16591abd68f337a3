"""The desk's single keys and its lists of choices, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from kefu.conversations.tests.browser import ORIGIN, a_window, chromium

__all__ = ["chromium"]

pytestmark = pytest.mark.journey
DESK = """<!doctype html><html lang="en"><meta charset="utf-8"><body>
<button data-keys-open></button><dialog data-keys><button data-keys-close></button></dialog>
<dialog id="picture"><video controls tabindex="0"></video></dialog>
<select><option>Nobody</option><option>Ann</option><option>Bo</option><option>Cy</option></select></body></html>"""
LISTEN = """async () => {
    const { listen } = await import("/static/desk/keys.js");
    window.done = [];
    listen({ e: () => done.push("e"), j: () => done.push("j") });
}"""
CHOOSE = """async () => {
    const { Choice } = await import("/static/desk/choice.js");
    window.asked = [];
    const ask = (name) => new Promise((answered) => asked.push({ name, answered }));
    window.choice = new Choice(document.querySelector("select"), (name) => () => ask(name));
}"""
PICK = """(name) => {
    const select = document.querySelector("select");
    select.value = name;
    select.dispatchEvent(new Event("change"));
}"""
ASKED = "asked.map(({ name }) => name).join()"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with a_window(chromium, {"/desk": DESK}) as page:
        page.set_default_timeout(10_000)
        page.goto(f"{ORIGIN}/desk")
        yield page


def test_no_key_does_anything_behind_an_open_picture_or_video(page: Page) -> None:
    page.evaluate(LISTEN)
    page.evaluate("picture.showModal(), document.querySelector('video').focus()")

    page.keyboard.press("e")
    assert page.evaluate("done") == []
    page.evaluate("picture.close()")
    page.keyboard.press("e")

    assert page.evaluate("done") == ["e"]


def test_a_key_that_is_held_down_walks_on_and_does_nothing_else_twice(page: Page) -> None:
    page.evaluate(LISTEN)

    for key in "eeejjj":
        page.keyboard.down(key)

    assert page.evaluate("done") == ["e", "j", "j", "j"]


def test_one_choice_is_on_its_way_at_a_time_and_the_last_one_counts(page: Page) -> None:
    page.evaluate(CHOOSE)

    for name in ("Ann", "Bo", "Cy"):
        page.evaluate(PICK, name)
    assert page.evaluate(ASKED) == "Ann"
    page.evaluate("choice.show('Ann'), asked[0].answered()")
    page.wait_for_function(f"{ASKED} === 'Ann,Cy'")
    assert page.input_value("select") == "Cy"
    page.evaluate("choice.show('Cy'), asked[1].answered()")
    # One more round trip: by then it is known that nothing else waits.
    page.evaluate("fetch('/').then((answer) => answer.text())")

    assert page.evaluate(ASKED) == "Ann,Cy"
    assert page.input_value("select") == "Cy"


def test_what_was_refused_is_not_shown_as_chosen(page: Page) -> None:
    page.evaluate(CHOOSE)

    page.evaluate(PICK, "Bo")
    page.evaluate("choice.show('Nobody'), asked[0].answered()")

    page.wait_for_function("document.querySelector('select').value === 'Nobody'")
