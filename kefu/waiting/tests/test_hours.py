from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kefu.waiting.hours import NO_WEEK, BadInterval, Hours, Interval, Kind, NeverOpen, Override
from kefu.waiting.tests.reference import DAYS_AFTER, DAYS_BEFORE, minutes, open_minutes
from tests.seeds import examples

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Days around which the clocks change, and days on which nothing happens.
PLACES = [
    ("Asia/Shanghai", date(2026, 11, 23)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Australia/Lord_Howe", date(2026, 7, 1)),
]
OFFICE = Interval(9 * 60, 21 * 60)
WORKING_DAYS = ((OFFICE,),) * 5 + ((), ())


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@some.composite
def an_interval(draw: some.DrawFn) -> Interval:
    # Half of them in the small hours, where clocks change.
    opens = draw(some.one_of(some.integers(0, 4 * 60), some.integers(0, 1439)))
    return Interval(
        opens, min(opens + draw(some.one_of(some.integers(1, 200), some.integers(1, 1500))), 2880)
    )


@some.composite
def a_case(draw: some.DrawFn) -> tuple[Hours, date, int]:
    zone, around = draw(some.sampled_from(PLACES))
    a_day = some.lists(an_interval(), max_size=3).map(tuple)
    week = draw(some.tuples(*[a_day] * 7))
    days = draw(some.lists(some.integers(-3, 5), max_size=3, unique=True))
    overrides = tuple(
        Override(around + timedelta(days=away), draw(some.sampled_from(Kind)), draw(a_day)) for away in days
    )
    minute = draw(some.one_of(some.integers(0, 24 * 60), some.integers(0, 3 * 24 * 60)))
    return Hours(ZoneInfo(zone), week, overrides), around, minute


def test_a_team_is_open_from_its_opening_to_just_before_its_closing() -> None:
    hours = Hours(SHANGHAI, WORKING_DAYS)

    assert not hours.is_open(at("2026-11-23 08:59:59"))
    assert hours.is_open(at("2026-11-23 09:00"))
    assert hours.is_open(at("2026-11-23 20:59:59"))
    assert not hours.is_open(at("2026-11-23 21:00"))
    assert hours.closes_at(at("2026-11-23 14:20")) == at("2026-11-23 21:00")
    assert hours.closes_at(at("2026-11-23 09:00")) == at("2026-11-23 21:00")


def test_after_friday_the_next_opening_is_monday() -> None:
    hours = Hours(SHANGHAI, WORKING_DAYS)

    assert hours.next_opening(at("2026-11-27 21:00")) == at("2026-11-30 09:00")


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    night = Hours(SHANGHAI, ((Interval(22 * 60, 26 * 60),), *NO_WEEK[1:]))

    assert night.is_open(at("2026-11-24 01:59"))
    assert not night.is_open(at("2026-11-25 01:59"))


def test_a_holiday_closes_its_day_but_not_the_shift_that_began_the_night_before() -> None:
    night = (Interval(22 * 60, 26 * 60),)
    hours = Hours(SHANGHAI, (night,) * 7, (Override(date(2026, 10, 1), Kind.CLOSED),))

    assert hours.is_open(at("2026-10-01 01:00"))
    assert not hours.is_open(at("2026-10-01 23:00"))
    assert not hours.is_open(at("2026-10-02 01:00"))


def test_a_shifted_working_day_opens_a_saturday() -> None:
    saturday = Override(date(2026, 11, 28), Kind.INSTEAD, (Interval(600, 1080),))
    hours = Hours(SHANGHAI, WORKING_DAYS, (saturday,))

    assert hours.next_opening(at("2026-11-27 22:00")) == at("2026-11-28 10:00")
    assert hours.closes_at(at("2026-11-28 12:00")) == at("2026-11-28 18:00")


def test_an_extra_opening_joins_what_it_touches() -> None:
    extra = Override(date(2026, 11, 23), Kind.EXTRA, (Interval(21 * 60, 23 * 60),))

    assert Hours(SHANGHAI, WORKING_DAYS, (extra,)).closes_at(at("2026-11-23 20:00")) == at("2026-11-23 23:00")


def test_an_opening_that_the_clock_jumps_over_is_the_jump_itself() -> None:
    london = ZoneInfo("Europe/London")
    hours = Hours(london, ((Interval(90, 300),),) * 7)

    # On 29 March 2026 the clock goes from 01:00 to 02:00, so 01:30 does not exist.
    assert hours.next_opening(datetime(2026, 3, 29, 0, 30, tzinfo=UTC)) == datetime(
        2026, 3, 29, 1, 0, tzinfo=UTC
    )


def test_an_opening_at_the_first_minute_that_is_jumped_over_is_the_jump_too() -> None:
    hours = Hours(ZoneInfo("Europe/London"), ((Interval(60, 300),),) * 7)

    assert hours.next_opening(datetime(2026, 3, 29, 0, 30, tzinfo=UTC)) == datetime(
        2026, 3, 29, 1, 0, tzinfo=UTC
    )


def test_hours_that_the_clock_jumps_over_are_no_opening() -> None:
    # On 29 March 2026 the clock goes from 01:00 to 02:00.
    jumped_over = Override(date(2026, 3, 29), Kind.EXTRA, (Interval(70, 110),))
    hours = Hours(ZoneInfo("Europe/London"), overrides=(jumped_over,))

    assert hours.next_opening(datetime(2026, 3, 28, tzinfo=UTC)) is None


def test_a_closing_that_the_clock_shows_twice_is_the_second() -> None:
    london = ZoneInfo("Europe/London")
    hours = Hours(london, ((Interval(0, 90),),) * 7)

    # On 25 October 2026 the clock shows 01:30 at 00:30 and again at 01:30 UTC.
    assert hours.closes_at(datetime(2026, 10, 25, 0, 0, tzinfo=UTC)) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


def test_work_taken_in_on_friday_evening_runs_on_on_monday() -> None:
    hours = Hours(SHANGHAI, WORKING_DAYS)

    assert hours.due(at("2026-11-27 20:30"), timedelta(hours=1)) == at("2026-11-30 09:30")
    assert hours.due(at("2026-11-27 20:00"), timedelta(hours=1)) == at("2026-11-27 21:00")


def test_work_taken_in_just_when_it_closes_waits_for_the_next_opening() -> None:
    hours = Hours(SHANGHAI, WORKING_DAYS)

    assert hours.due(at("2026-11-23 21:00"), timedelta()) == at("2026-11-24 09:00")


def test_a_last_day_has_no_open_time_behind_it() -> None:
    hours = Hours(SHANGHAI, overrides=(Override(date(2026, 11, 23), Kind.EXTRA, (OFFICE,)),))

    assert len(list(hours.spans(at("2026-11-23 20:59")))) == 1
    assert list(hours.spans(at("2026-11-23 21:00"))) == []
    assert list(hours.spans(at("2026-11-23 21:01"))) == []


def test_an_opening_at_the_very_end_is_no_open_time() -> None:
    hours = Hours(SHANGHAI, WORKING_DAYS)

    assert hours.between(at("2026-11-23 08:00"), at("2026-11-23 09:00")) == []
    assert len(hours.between(at("2026-11-23 08:00"), at("2026-11-23 09:01"))) == 1


def test_no_working_time_at_all_is_due_at_once_or_when_it_opens() -> None:
    hours = Hours(SHANGHAI, WORKING_DAYS)

    assert hours.due(at("2026-11-23 10:00"), timedelta()) == at("2026-11-23 10:00")
    assert hours.due(at("2026-11-28 10:00"), timedelta()) == at("2026-11-30 09:00")


def test_a_team_without_hours_never_opens() -> None:
    hours = Hours(SHANGHAI)

    assert hours.is_empty is True
    assert hours.next_opening(at("2026-11-23 10:00")) is None
    assert list(hours.spans(at("2026-11-23 10:00"))) == []
    with pytest.raises(NeverOpen):
        hours.due(at("2026-11-23 10:00"), timedelta(minutes=1))


def test_one_opening_is_hours_enough() -> None:
    closed = Override(date(2026, 11, 24), Kind.CLOSED)
    extra = Override(date(2026, 11, 23), Kind.EXTRA, (OFFICE,))

    assert Hours(SHANGHAI, overrides=(closed,)).is_empty is True
    assert Hours(SHANGHAI, overrides=(closed, extra)).is_empty is False
    assert Hours(SHANGHAI, WORKING_DAYS).is_empty is False


def test_a_team_that_never_closes_has_no_closing_time() -> None:
    always = Hours(SHANGHAI, ((Interval(0, 1440),),) * 7)

    assert always.is_open(at("2026-11-23 03:00"))
    assert always.closes_at(at("2026-11-23 03:00")) is None


@pytest.mark.parametrize(("opens", "closes"), [(-1, 60), (1440, 1500), (60, 60), (120, 60), (0, 2881)])
def test_minutes_that_make_no_sense_are_no_interval(opens: int, closes: int) -> None:
    with pytest.raises(BadInterval):
        Interval(opens, closes)


def test_an_interval_ends_on_the_next_day_at_the_latest() -> None:
    assert Interval(0, 2880).closes - Interval(1439, 1440).opens == 1441


def test_minutes_that_are_no_interval_are_named() -> None:
    with pytest.raises(BadInterval, match="60 to 60 is no interval"):
        Interval(60, 60)


def test_an_opening_is_found_four_hundred_days_ahead_and_no_further() -> None:
    today = date(2026, 11, 23)

    def opening_in(days: int) -> datetime | None:
        away = Override(today + timedelta(days=days), Kind.EXTRA, (OFFICE,))
        return Hours(SHANGHAI, overrides=(away,)).next_opening(at("2026-11-23 10:00"))

    assert opening_in(400) == at("2027-12-28 09:00")
    assert opening_in(401) is None


def test_a_closing_is_told_up_to_a_fortnight_ahead() -> None:
    days = [
        Override(date(2026, 11, 23) + timedelta(days=away), Kind.EXTRA, (Interval(0, 1440),))
        for away in range(15)
    ]
    hours = Hours(SHANGHAI, overrides=tuple(days))

    assert hours.closes_at(at("2026-11-24 00:00")) == at("2026-12-08 00:00")
    assert hours.closes_at(at("2026-11-23 23:59")) is None


def test_what_an_override_does_is_stored_by_these_words() -> None:
    assert [kind.value for kind in Kind] == ["closed", "instead", "extra"]


@pytest.mark.slow
@settings(max_examples=examples(80))
@given(a_case())
def test_every_answer_is_what_the_wall_clock_says_minute_by_minute(case: tuple[Hours, date, int]) -> None:
    hours, around, minute = case
    clock, is_open = minutes(hours.zone.key, around), open_minutes(hours, around)
    place = DAYS_BEFORE * 24 * 60 + minute
    moment = clock[place][0]

    assert hours.is_open(moment) is is_open[place]

    opening = next((clock[later][0] for later in range(place, len(clock)) if is_open[later]), None)
    if opening:
        assert hours.next_opening(moment) == opening

    closing = next((clock[later][0] for later in range(place, len(clock)) if not is_open[later]), None)
    if is_open[place] and closing:
        assert hours.closes_at(moment) == closing
    if not is_open[place]:
        assert hours.closes_at(moment) is None


@pytest.mark.slow
@settings(max_examples=examples(60))
@given(a_case(), some.integers(1, 2000))
def test_work_is_due_when_so_many_open_minutes_have_passed(
    case: tuple[Hours, date, int], wanted: int
) -> None:
    hours, around, minute = case
    clock, is_open = minutes(hours.zone.key, around), open_minutes(hours, around)
    place = DAYS_BEFORE * 24 * 60 + minute
    counted = [later for later in range(place, len(clock)) if is_open[later]]
    if len(counted) < wanted:
        return

    due = hours.due(clock[place][0], timedelta(minutes=wanted))

    assert due == clock[counted[wanted - 1]][0] + timedelta(minutes=1)


@pytest.mark.slow
@settings(max_examples=examples(40))
@given(a_case())
def test_spans_cover_exactly_the_open_minutes(case: tuple[Hours, date, int]) -> None:
    hours, around, minute = case
    clock, is_open = minutes(hours.zone.key, around), open_minutes(hours, around)
    first, last = DAYS_BEFORE * 24 * 60 + minute, (DAYS_BEFORE + DAYS_AFTER - 1) * 24 * 60

    spans = hours.between(clock[first][0], clock[last][0])

    covered = sum((span.closes - span.opens) // timedelta(minutes=1) for span in spans)
    assert covered == sum(is_open[first:last])
    assert all(earlier.closes < later.opens for earlier, later in pairwise(spans))
