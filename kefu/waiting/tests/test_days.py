from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import translation

from kefu.waiting.days import coming_days, in_one_line, start_of_day
from kefu.waiting.hours import Span

SHANGHAI, NEW_YORK, INDIA = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
MONDAY = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
# 09:00 to 21:00 in Shanghai, Monday to Friday.
SPANS = [
    Span(datetime(2026, 11, day, 1, tzinfo=UTC), datetime(2026, 11, day, 13, tzinfo=UTC))
    for day in range(23, 28)
]


def test_days_begin_today_and_say_their_hours_on_the_clock_of_the_zone() -> None:
    days = coming_days(SPANS, SHANGHAI, MONDAY)

    assert [day.on for day in days] == [date(2026, 11, 23 + away) for away in range(7)]
    assert days[0].hours == (("09:00", "21:00"),)
    assert days[5].hours == ()
    assert [hour for hour in range(24) if days[0].strip[hour]] == list(range(9, 21))


def test_a_span_over_midnight_is_shown_on_both_days() -> None:
    days = coming_days(SPANS, NEW_YORK, MONDAY)

    # It is still Sunday evening there when Monday's shift begins.
    assert days[0].on == date(2026, 11, 22)
    assert days[0].hours == (("20:00", "24:00"),)
    assert days[1].hours == (("00:00", "08:00"), ("20:00", "24:00"))


def test_half_hours_are_exact_in_words_and_rounded_on_the_strip() -> None:
    today = coming_days(SPANS, INDIA, MONDAY)[0]

    assert today.hours == (("06:30", "18:30"),)
    assert [hour for hour in range(24) if today.strip[hour]] == list(range(6, 19))


def test_the_week_is_one_line_from_monday() -> None:
    days = coming_days(SPANS, SHANGHAI, datetime(2026, 11, 23, 4, 0, tzinfo=UTC))

    with translation.override("zh-hans"):
        assert in_one_line(days) == "周一至周五 09:00–21:00"
    with translation.override("en"):
        assert in_one_line(days) == "Mon to Fri 09:00–21:00"


def test_days_that_differ_are_named_apart() -> None:
    saturday = Span(datetime(2026, 11, 28, 2, tzinfo=UTC), datetime(2026, 11, 28, 10, tzinfo=UTC))

    with translation.override("zh-hant"):
        assert (
            in_one_line(coming_days([*SPANS, saturday], SHANGHAI, MONDAY))
            == "週一至週五 09:00–21:00；週六 10:00–18:00"
        )


def test_a_week_that_never_opens_says_nothing() -> None:
    assert in_one_line(coming_days([], SHANGHAI, MONDAY)) == ""


def test_a_day_of_twenty_five_hours_still_ends_at_midnight() -> None:
    whole = Span(datetime(2026, 10, 31, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))
    days = coming_days([whole], NEW_YORK, datetime(2026, 11, 1, 12, tzinfo=UTC), count=1)

    assert days[0].hours == (("00:00", "24:00"),)
    assert len(days[0].strip) == 24


def test_a_day_starts_at_midnight_in_its_zone() -> None:
    assert start_of_day(MONDAY, SHANGHAI) == datetime(2026, 11, 22, 16, tzinfo=UTC)
