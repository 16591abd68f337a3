"""Several teams' hours as one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from kefu.waiting.hours import NO_WEEK, Hours, Interval, Kind, Override, Span
from kefu.waiting.together import Together

ZONE = ZoneInfo("Asia/Shanghai")
# 23 November 2026 is a Monday; 04:00 in UTC is noon in Shanghai.
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HOLIDAY = date(2026, 11, 24)


def monday(opens: int, closes: int, *overrides: Override) -> Hours:
    return Hours(ZONE, ((Interval(opens, closes),), *NO_WEEK[1:]), overrides)


def test_it_is_open_while_any_is_and_closes_with_the_last_that_follows_on() -> None:
    together = Together((monday(540, 780), monday(780, 1020), monday(1200, 1260)))

    assert together.is_open(NOON)
    # At 13:00 the next takes over, so it goes on until 17:00, and opens again at 20:00.
    assert together.closes_at(NOON) == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert together.next_opening(datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) == datetime(
        2026, 11, 23, 12, 0, tzinfo=UTC
    )
    assert together.spans(NOON, days=1) == [
        Span(NOON, datetime(2026, 11, 23, 9, 0, tzinfo=UTC)),
        Span(datetime(2026, 11, 23, 12, 0, tzinfo=UTC), datetime(2026, 11, 23, 13, 0, tzinfo=UTC)),
    ]


def test_closed_has_no_closing_and_always_open_none_either() -> None:
    always = Hours(ZONE, ((Interval(0, 1440),),) * 7)

    assert Together((monday(0, 60),)).closes_at(NOON) is None
    assert Together((always,)).closes_at(NOON) is None
    assert Together((always,)).next_opening(NOON) == NOON


def test_nobodys_hours_are_never_open() -> None:
    nobody = Together(())

    assert not nobody.is_open(NOON)
    assert (nobody.closes_at(NOON), nobody.next_opening(NOON), nobody.spans(NOON, days=3)) == (None, None, [])
    assert nobody.closed_on == frozenset()


def test_a_date_is_closed_when_it_is_for_all() -> None:
    closed, other = Override(HOLIDAY, Kind.CLOSED), Override(HOLIDAY, Kind.EXTRA, (Interval(0, 60),))

    assert Together((monday(0, 60, closed), monday(60, 90, closed))).closed_on == {HOLIDAY}
    assert Together((monday(0, 60, closed), monday(60, 90))).closed_on == frozenset()
    assert Together((monday(0, 60, closed), monday(60, 90, other))).closed_on == frozenset()
