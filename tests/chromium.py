"""How Chromium is started for tests: without what only somebody who sits before it would see."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import Browser, Playwright

WHOLE = ("chromium", "chromium-browser", "google-chrome")
# The same engine without the browser around it: a third less CPU for the same story. It has no settings for cookies of
# third parties and no private windows, which the embedded chat is about.
SHELL = "chromium-headless-shell"
# The suggestions of the address bar are pages of their own, in a process each, drawn for every window that a story opens:
# they took more than half of what a window costs.
SUGGESTIONS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "AimEnabled")


def launch(playwright: Playwright, *switched_off: str, is_whole: bool = False) -> Browser:
    """The shell where the machine has one and it will do, else the browser; with these features switched off."""
    if not (found := program(is_whole=is_whole)):
        pytest.skip("needs Chromium: apt-get install chromium fonts-noto-cjk")
    return playwright.chromium.launch(executable_path=found, args=switches(*switched_off))


def program(*, is_whole: bool = False) -> str:
    """The path of what is started; empty if there is none."""
    names = WHOLE if is_whole else (SHELL, *WHOLE)
    return next((path for name in names if (path := shutil.which(name))), "")


def switches(*switched_off: str) -> list[str]:
    """With these features switched off; of several lists of features Chromium takes the last, which is ours."""
    features = ",".join([*SUGGESTIONS, *switched_off])
    return [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        f"--disable-features={features}",
    ]
