"""A shelf from its first name to its end, by keyboard; the reader's page follows at once."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import WITHIN, Windows, assert_sound

pytestmark = pytest.mark.journey

SEEN_WITHIN = 1.0


def seconds_until(reader: Page, path: str, words: str) -> float:
    """From now until the last who asked in vain: how long a busy machine takes over a page says nothing of how old it is."""
    began, in_vain = time.monotonic(), 0.0
    while (asked := time.monotonic() - began) < WITHIN:
        reader.goto(path)
        if words in reader.locator("main").inner_text():
            return in_vain
        in_vain = asked
    raise AssertionError(f"No reader ever saw {words}")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_shelves_are_named_ordered_and_archived_by_keyboard(windows: Windows) -> None:
    editor, reader = windows.agent("何思恩 Grace"), windows.open(locale="en")
    editor.goto("/desk/articles/")
    editor.get_by_role("link", name="Shelves").click()
    expect(editor.locator("h1")).to_have_text("Shelves")
    editor.get_by_role("link", name="Add a shelf").click()
    for code, name in (("zh-hans", "链上知识"), ("zh-hant", "鏈上知識"), ("en", "On the chain")):
        editor.locator(f"#name-{code}").fill(name)
    editor.locator("#key").fill("no good")
    assert_sound(editor)
    press(editor, "Save")
    expect(editor.locator("#key-problem")).to_be_visible()
    expect(editor.locator("#name-en")).to_have_value("On the chain")
    windows.troubles[:] = [trouble for trouble in windows.troubles if "422" not in trouble]
    editor.locator("#key").fill("on-the-chain")
    press(editor, "Save")
    expect(editor.get_by_role("status").first).to_contain_text("Added.")

    # The list stands below the word that was waited for.
    editor.wait_for_load_state()
    count = editor.locator("ol.settings-list > li").count()
    press(editor, "On the chain: one place up")
    expect(editor.get_by_role("status").first).to_contain_text(f"is number {count - 1} of {count} now")
    up = editor.get_by_role("button", name="On the chain: one place up")
    expect(up).to_be_focused()
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("status").first).to_contain_text(f"is number {count - 2} of {count} now")
    expect(up).to_be_focused()
    assert_sound(editor)

    editor.get_by_role("link", name="Account security").click()
    editor.locator("#name-en").fill("Safe accounts")
    press(editor, "Save")
    expect(editor.get_by_role("status").first).to_contain_text("Saved.")
    assert seconds_until(reader, "/en/topics/security/", "Safe accounts") < SEEN_WITHIN
    assert seconds_until(reader, "/en/", "Safe accounts") < SEEN_WITHIN

    editor.get_by_role("link", name="Safe accounts").click()
    assert_sound(editor)
    editor.get_by_role("link", name="Archive…").click()
    assert_sound(editor)
    editor.get_by_label("Its articles and its address go to").select_option(label="On the chain")
    press(editor, "Archive")
    expect(editor.get_by_role("status").first).to_contain_text("Archived.")
    assert_sound(editor)
    assert seconds_until(reader, "/en/topics/security/", "On the chain") < SEEN_WITHIN
    assert reader.url.endswith("/en/topics/on-the-chain/")

    press(editor, "Use again Safe accounts")
    expect(editor.get_by_role("status").first).to_contain_text("It is a shelf again.")


@pytest.mark.parametrize(("phone", "dark"), [(True, False), (True, True), (False, True)])
def test_the_pages_of_shelves_are_sound(windows: Windows, phone: bool, dark: bool) -> None:
    editor = windows.agent("何思恩 Grace", phone=phone, dark=dark)
    editor.goto("/desk/articles/shelves/")
    first = editor.locator("ol.settings-list a.row-title").first.get_attribute("href")
    for path in ("/desk/articles/shelves/", "/desk/articles/shelves/new/", first, f"{first}archived/"):
        editor.goto(str(path))
        expect(editor.locator("h1")).to_have_count(1)
        assert_sound(editor)
        assert editor.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
