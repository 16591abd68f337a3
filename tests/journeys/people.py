"""What customers and agents do in their windows, in their words."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

MOST_PAGES, MOST_ASKED, APART = 40, 80, 250


def ask(page: Page, words: str, *, topic: str = "account", language: str = "zh-hans") -> str:
    """Start a conversation on the chat page; its ref."""
    page.goto(f"/{language}/chat/?new=1")
    choose_topic(page, topic)
    question = page.locator("#chat-question")
    question.fill(words)
    page.locator("[data-view=question] [data-send]").click()
    expect(page.locator("[data-log] .message.mine:not(.unsent)")).to_have_count(1)
    return str(page.locator("[data-chat]").get_attribute("data-ref"))


def choose_topic(page: Page, topic: str) -> None:
    """Choose it, unless the page that led here has named one already."""
    # Not the conversation on the page before, which may still stand there.
    page.locator(
        "[data-chat][data-ready] :is([data-view=topics], [data-view=question]):visible"
    ).first.wait_for()
    choice = page.locator(f"[data-topic={topic}]")
    if choice.is_visible():
        choice.click()


def write(page: Page, words: str) -> None:
    """Say something in the running conversation, as the customer."""
    box = page.locator("[data-chat] .composer textarea")
    box.fill(words)
    box.press("Enter") if page.viewport_size and page.viewport_size["width"] > 800 else page.locator(
        "[data-chat] .composer button[type=submit]"
    ).click()


def ask_the_state(page: Page) -> None:
    """As the page does by itself each minute, and whenever somebody comes back to it."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def wait_until_open(page: Page) -> None:
    """Until it is known on the page that an agent is there, who has only just come."""
    for _ in range(MOST_ASKED):
        ask_the_state(page)
        page.wait_for_timeout(APART)
        if page.locator("[data-chat]").get_attribute("data-hours") == "open":
            return
    raise AssertionError("Nobody was there.")


def row(desk: Page, ref: str) -> Locator:
    return desk.locator(f"a.item[data-ref='{ref}']")


def open_row(desk: Page, ref: str) -> None:
    """Open it from the list; after many stories it may stand on a later page."""
    wanted, more = row(desk, ref), desk.locator("[data-list-more] button")
    for _ in range(MOST_PAGES):
        expect(wanted.or_(more).first).to_be_visible()
        if wanted.is_visible():
            break
        more.click()
        desk.wait_for_timeout(APART)
    wanted.click()
    expect(desk.locator("[data-talk-ref]")).to_have_text(ref)


def reply(desk: Page, words: str) -> None:
    desk.locator("#answer").fill(words)
    desk.locator("#answer").press("Control+Enter")


def bubbles(page: Page) -> list[str]:
    """What stands in the thread, in order."""
    return [
        re.sub(r"\s+", " ", text).strip()
        for text in page.locator(".thread .bubble:not(.typing)").all_inner_texts()
    ]
