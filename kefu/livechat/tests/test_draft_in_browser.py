"""What is half written when a page is left, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.journey
PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
DRAFT = """const draft = await import("/static/livechat/draft.js");
const box = document.querySelector("textarea");
const write = (text) => { box.value = text; box.dispatchEvent(new Event("input", { bubbles: true })); };
"""
BEGIN = 'draft.handOn(() => ({ ref: "XH-1", topic: "", text: box.value, email: "" }));'


def run(page: Page, code: str) -> Any:
    return page.evaluate(f"async () => {{ {DRAFT} {code} }}")


@pytest.mark.parametrize("leaving", ["pagehide", "beforeunload"])
def test_the_next_page_has_what_was_written_whichever_way_this_one_heard_of_its_end(
    page: Page, leaving: str
) -> None:
    others = {"pagehide", "beforeunload", "visibilitychange"} - {leaving}
    run(
        page,
        f"""for (const name of {sorted(others)})
            addEventListener(name, (event) => event.stopImmediatePropagation(), {{ capture: true }});
        {BEGIN} write("写到一半"); dispatchEvent(new Event("{leaving}"));""",
    )

    page.reload()

    assert run(page, "return draft.handedOn()?.text;") == "写到一半"
    assert run(page, "return draft.handedOn();") is None


def test_a_page_finds_nothing_that_it_has_kept_itself(page: Page) -> None:
    """Who came back to it has sent it since."""
    found = run(
        page,
        f"""{BEGIN} write("这句发出去了"); dispatchEvent(new Event("pagehide")); write("");
        return draft.handedOn();""",
    )

    assert found is None


def test_who_leaves_leaves_no_secret(page: Page) -> None:
    kept = run(
        page,
        f"""{BEGIN} write("{PHRASE}"); dispatchEvent(new Event("pagehide"));
        return Object.values(sessionStorage).join();""",
    )

    assert "mnemonic" in kept
    assert "sausage" not in kept


def test_what_was_taken_out_of_the_box_is_kept_no_longer(page: Page) -> None:
    kept = run(
        page,
        f"""{BEGIN} write("再想想"); dispatchEvent(new Event("pagehide")); write(""); dispatchEvent(new Event("pagehide"));
        return Object.values(sessionStorage);""",
    )

    assert kept == []


def test_what_the_page_before_handed_on_is_handed_on_again_though_nobody_touches_it(page: Page) -> None:
    stopped = """for (const name of ["pagehide", "visibilitychange"])
        addEventListener(name, (event) => event.stopImmediatePropagation(), { capture: true });"""
    run(page, f'{stopped} {BEGIN} write("写到一半");')
    for _ in range(2):
        page.reload()
        assert (
            run(page, f"{stopped} {BEGIN} box.value = draft.handedOn()?.text ?? ''; return box.value;")
            == "写到一半"
        )


@pytest.mark.parametrize(
    ("writer", "reader", "found"),
    [("mei", "mei", True), ("mei", "bo", False), ("mei", "", False), ("", "bo", True)],
)
def test_a_users_words_are_handed_on_to_nobody_else(
    page: Page, writer: str, reader: str, found: bool
) -> None:
    run(
        page,
        f"""draft.handOn(() => ({{ user: "{writer}", ref: "", topic: "", text: "我的话", email: "" }}));
        dispatchEvent(new Event("pagehide"));""",
    )
    page.evaluate(
        "addEventListener('pagehide', (event) => event.stopImmediatePropagation(), { capture: true })"
    )

    page.reload()

    assert bool(run(page, f'return draft.handedOn("{reader}");')) is found
    assert run(page, "return Object.keys(sessionStorage);") == []
