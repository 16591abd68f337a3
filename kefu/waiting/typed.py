"""Hours as they are typed into a form: clock times in rows, what is wrong with them, and the intervals that they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from django.http import QueryDict
from django.utils.translation import gettext

from kefu.waiting.hours import DAY, NO_WEEK, Interval

# As people type it, on a keypad without a colon and with an input method too: 9:00, 0900, 09：00.
CLOCK = re.compile(r"([01]?\d|2[0-4])[:：.]?([0-5]\d)")
MOST_ROWS = 12
WEEKDAYS = range(len(NO_WEEK))


@dataclass(frozen=True)
class Row:
    """Two clock times as they were typed. Closing at or before opening is on the next day; 00:00 and 24:00 end the day."""

    opens: str = ""
    closes: str = ""
    problem: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.opens or self.closes)

    @property
    def minutes(self) -> tuple[int, int] | None:
        """None where one of them is no clock time."""
        opens, closes = _minutes(self.opens), _minutes(self.closes)
        if opens is None or closes is None or opens == DAY:
            return None
        return opens, closes if closes > opens else closes + DAY

    def looked_at(self) -> Row:
        if self.is_blank or self.minutes:
            return self
        if not (self.opens and self.closes):
            return replace(self, problem=gettext("Say both when it opens and when it closes."))
        return replace(self, problem=gettext("Write times such as 09:00 and 18:30."))


@dataclass(frozen=True)
class TypedDay:
    """The rows of one day; `problem` concerns all of them."""

    rows: tuple[Row, ...] = ()
    problem: str = ""

    @property
    def is_sound(self) -> bool:
        return not self.problem and not any(row.problem for row in self.rows)

    @property
    def intervals(self) -> list[Interval]:
        """In order. Rows that can't be read are left out, so that a preview shows what is there."""
        return sorted(Interval(*row.minutes) for row in self.rows if row.minutes)

    @classmethod
    def read(cls, data: QueryDict, suffix: str = "") -> TypedDay:
        pairs = zip(data.getlist(f"opens{suffix}"), data.getlist(f"closes{suffix}"), strict=False)
        rows = tuple(Row(opens.strip()[:20], closes.strip()[:20]) for opens, closes in pairs)
        return cls(rows[:MOST_ROWS]).looked_at()

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> TypedDay:
        return cls(tuple(Row(clock(one.opens), clock(one.closes)) for one in sorted(intervals)))

    def looked_at(self) -> TypedDay:
        rows = tuple(row.looked_at() for row in self.rows)
        overlap = any(
            later.opens < earlier.closes for earlier, later in pairwise(replace(self, rows=rows).intervals)
        )
        return TypedDay(rows, gettext("Two of these times overlap.") if overlap else "")

    def with_a_row(self) -> TypedDay:
        return replace(self, rows=(*self.rows, Row())[:MOST_ROWS])

    @property
    def shown_rows(self) -> tuple[Row, ...]:
        """A day without rows still has one to type into."""
        return self.rows or (Row(),)


@dataclass(frozen=True)
class TypedWeek:
    """Seven typed days, Monday first."""

    days: tuple[TypedDay, ...] = field(default=(TypedDay(),) * len(NO_WEEK))

    @classmethod
    def read(cls, data: QueryDict) -> TypedWeek:
        return cls(tuple(TypedDay.read(data, f"-{day}") for day in WEEKDAYS))

    @classmethod
    def of(cls, week: Sequence[Sequence[Interval]]) -> TypedWeek:
        return cls(tuple(TypedDay.of(one) for one in _within_a_day(week)))

    @property
    def is_sound(self) -> bool:
        return all(day.is_sound for day in self.days)

    @property
    def intervals(self) -> Mapping[int, list[Interval]]:
        return {day: self.days[day].intervals for day in WEEKDAYS}

    def with_a_row(self, day: int) -> TypedWeek:
        return self._with({day: self.days[day].with_a_row()})

    def copied(self, day: int, to: Iterable[int]) -> TypedWeek:
        return self._with(dict.fromkeys(to, self.days[day]))

    def _with(self, changed: Mapping[int, TypedDay]) -> TypedWeek:
        return TypedWeek(tuple(changed.get(day, self.days[day]) for day in WEEKDAYS))


def clock(minutes: int) -> str:
    """Minutes after midnight as a clock shows them."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def in_words(intervals: Iterable[Interval]) -> str:
    """`09:00–12:00, 22:00–02:00 next day`; nothing for none."""
    return gettext(", ").join(_in_words(one) for one in intervals)


def _in_words(one: Interval) -> str:
    opens, closes = clock(one.opens), clock(one.closes)
    if one.closes == DAY:
        return f"{opens}–24:00"
    if one.closes > DAY:
        return gettext("%(opens)s–%(closes)s next day") % {"opens": opens, "closes": closes}
    return f"{opens}–{closes}"


def _minutes(typed: str) -> int | None:
    found = CLOCK.fullmatch(typed)
    minutes = int(found[1]) * 60 + int(found[2]) if found else None
    return minutes if minutes is None or minutes <= DAY else None


def _within_a_day(week: Sequence[Sequence[Interval]]) -> list[list[Interval]]:
    """Two clock times can't say more than twenty-four hours, so what is longer is said on two days."""
    days: list[list[Interval]] = [[] for _ in WEEKDAYS]
    for day, intervals in enumerate(week):
        for one in intervals:
            if one.closes - one.opens <= DAY:
                days[day].append(one)
            else:
                days[day].append(Interval(one.opens, DAY))
                days[(day + 1) % len(days)].append(Interval(0, one.closes - DAY))
    return days
