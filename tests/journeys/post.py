"""The mailbox of a customer in a journey: the outbox of the demo."""

from __future__ import annotations

import re

from playwright.sync_api import Page

TRIES, APART = 60, 250


def find_letter(mailbox: Page, subject: str | re.Pattern[str], *, number: int = 1) -> str:
    """Open the latest letter with this subject, once there are so many; the whole subject."""
    for _ in range(TRIES):
        mailbox.goto("/demo/outbox/")
        found = mailbox.get_by_role("link", name=subject)
        if found.count() >= number:
            words = found.first.inner_text()
            found.first.click()
            return words
        mailbox.wait_for_timeout(APART)
    raise AssertionError(f"No letter came: {subject}")
