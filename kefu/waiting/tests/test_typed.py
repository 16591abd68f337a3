from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import QueryDict
from django.utils import translation

from kefu.waiting.hours import Interval
from kefu.waiting.typed import TypedDay, TypedWeek, in_words


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def typed(*pairs: tuple[str, str]) -> TypedDay:
    data = QueryDict(mutable=True)
    data.setlist("opens", [opens for opens, _ in pairs])
    data.setlist("closes", [closes for _, closes in pairs])
    return TypedDay.read(data)


@pytest.mark.parametrize(
    ("opens", "closes", "minutes"),
    [
        ("09:00", "18:30", (540, 1110)),
        ("9:00", "1830", (540, 1110)),
        ("09：00", "18.30", (540, 1110)),
        ("22:00", "02:00", (1320, 1560)),
        ("09:00", "00:00", (540, 1440)),
        ("09:00", "24:00", (540, 1440)),
        ("00:00", "00:00", (0, 1440)),
        ("10:00", "10:00", (600, 2040)),
    ],
)
def test_clock_times_are_read_as_people_write_them(opens: str, closes: str, minutes: tuple[int, int]) -> None:
    day = typed((opens, closes))

    assert day.is_sound
    assert day.intervals == [Interval(*minutes)]


@pytest.mark.parametrize(
    ("opens", "closes"),
    [("24:00", "02:00"), ("9", "18:00"), ("25:00", "26:00"), ("24:01", "25:00"), ("09:60", "x")],
)
def test_what_is_no_clock_time_is_said_at_its_row_and_kept(opens: str, closes: str) -> None:
    day = typed((opens, closes))

    assert not day.is_sound
    assert (day.rows[0].opens, day.rows[0].closes) == (opens, closes)
    assert "09:00" in day.rows[0].problem
    assert day.intervals == []


def test_half_a_row_is_asked_for_its_other_half_and_a_blank_row_for_nothing() -> None:
    day = typed(("09:00", ""), ("", ""))

    assert "both" in day.rows[0].problem
    assert day.rows[1].problem == ""


def test_times_that_overlap_are_said_once_for_the_day() -> None:
    assert "overlap" in typed(("09:00", "12:00"), ("11:00", "18:00")).problem
    assert typed(("09:00", "12:00"), ("12:00", "18:00")).is_sound


def test_a_stored_week_is_typed_as_it_was_and_read_again() -> None:
    week = ([Interval(540, 720), Interval(780, 1440)], [], [], [], [Interval(1320, 1560)], [], [])

    days = TypedWeek.of(week).days

    assert [(row.opens, row.closes) for row in days[0].rows] == [("09:00", "12:00"), ("13:00", "00:00")]
    assert [day.intervals for day in days] == [list(one) for one in week]


def test_more_than_twenty_four_hours_are_said_on_two_days() -> None:
    week = [[Interval(540, 2000)], [], [], [], [], [], []]

    days = TypedWeek.of(week).days

    assert [days[0].intervals, days[1].intervals] == [[Interval(540, 1440)], [Interval(0, 560)]]


def test_a_day_is_copied_whole() -> None:
    week = TypedWeek((typed(("09:00", "18:00")), *(TypedDay(),) * 6))

    copied = week.copied(0, [1, 4])

    assert [bool(day.intervals) for day in copied.days] == [True, True, False, False, True, False, False]


def test_hours_in_words_say_where_midnight_lies() -> None:
    words = in_words([Interval(540, 720), Interval(780, 1440), Interval(1320, 1560)])

    assert words == "09:00–12:00, 13:00–24:00, 22:00–02:00 next day"
