"""Days of the reader's calendar in a real browser, where clocks jump at midnight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from kefu.conversations.tests.browser import BLANK, ORIGIN, a_window, chromium

__all__ = ["chromium"]

pytestmark = pytest.mark.journey

BEGINNINGS = """async ([before, after]) => {
    const { comingDays } = await import("/static/contact/days.js");
    return comingDays([[before, after]], before, 3).map((day) => [day.begins.toISOString(), day.hours.join()]);
}"""


@pytest.mark.parametrize(
    ("zone", "before", "beginnings"),
    [
        ("America/Santiago", "2026-09-05T12:00Z", ["05T04", "06T04", "07T03"]),
        ("America/Havana", "2026-03-07T12:00Z", ["07T05", "08T05", "09T04"]),
        ("Asia/Beirut", "2026-03-28T12:00Z", ["27T22", "28T22", "29T21"]),
        ("America/New_York", "2026-03-07T12:00Z", ["07T05", "08T05", "09T04"]),
    ],
)
def test_a_day_whose_midnight_is_jumped_over_begins_at_the_jump(
    chromium: Browser, zone: str, before: str, beginnings: list[str]
) -> None:
    month = before[:8]
    with a_window(chromium, {"/blank": BLANK}, timezone_id=zone) as page:
        page.goto(f"{ORIGIN}/blank")
        days = page.evaluate(BEGINNINGS, [before, f"{month}30T22:00Z"])

    assert [begins for begins, _ in days] == [f"{month}{at}:00:00.000Z" for at in beginnings]
    # It is open from then on; the day before ends there, and not an hour too early.
    first = "00:00" if zone == "America/New_York" else "01:00"
    assert [hours for _, hours in days][1:] == [f"{first}–24:00", "00:00–24:00"]
    assert days[0][1].endswith("–24:00")
