"""How Chromium is started for tests: without what only somebody who sits before it would see."""

from __future__ import annotations

# The suggestions of the address bar are pages of their own, in a process each, drawn for every window that a story opens:
# they took more than half of what a window costs.
SUGGESTIONS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "AimEnabled")


def switches(*switched_off: str) -> list[str]:
    """With these features switched off; of several lists of features Chromium takes the last, which is ours."""
    features = ",".join([*SUGGESTIONS, *switched_off])
    return [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        f"--disable-features={features}",
    ]
