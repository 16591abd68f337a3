"""The mailbox of a customer in a journey: the outbox of the demo."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

TRIES, APART = 60, 250


def find_letter(mailbox: Page, subject: str | re.Pattern[str], *, to: str = "", number: int = 1) -> str:
    """Open the latest letter with this subject to this address, once there are so many; the whole subject."""
    for _ in range(TRIES):
        mailbox.goto("/demo/outbox/")
        found = mailbox.locator("li", has_text=to).get_by_role("link", name=subject)
        if found.count() >= number:
            words = found.first.inner_text()
            found.first.click()
            # All of it, and not the list that was clicked in.
            mailbox.wait_for_url("**/demo/outbox/*/")
            return words
        mailbox.wait_for_timeout(APART)
    raise AssertionError(f"No letter came: {subject}")


def prove(window: Page, mailbox: Page, address: str, *, letter: int = 1) -> None:
    """That the address is theirs, on "My cases", by the code in the latest of so many letters."""
    window.goto("/zh-hans/cases/")
    window.locator("#email").fill(address)
    window.get_by_role("button", name="发送验证码").click()
    expect(window.locator("main")).to_contain_text(f"{address[0]}•••@m•••.example")
    subject = find_letter(
        mailbox, re.compile(r"\d{6} 是你在星海 Exchange 的验证码"), to=address, number=letter
    )
    window.locator("input#code").fill(subject[:6])
    window.get_by_role("button", name="确认").click()
    expect(window.locator("main")).to_contain_text("在任何设备上问过的问题都在这里")
