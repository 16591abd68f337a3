"""Several hours as one: open while any of them is. Pure, like the hours themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kefu.waiting.hours import FORTNIGHT, Hours, Kind, Span


@dataclass(frozen=True)
class Together:
    hours: tuple[Hours, ...]

    def is_open(self, at: datetime) -> bool:
        return any(one.is_open(at) for one in self.hours)

    def closes_at(self, at: datetime) -> datetime | None:
        """When the last of them closes, if one is open now; None if all are closed, or one is for more than a fortnight."""
        span = next(iter(self.spans(at, days=FORTNIGHT)), None)
        if span is None or span.opens > at or span.closes >= at + timedelta(days=FORTNIGHT):
            return None
        return span.closes

    def next_opening(self, at: datetime) -> datetime | None:
        return min((opening for one in self.hours if (opening := one.next_opening(at))), default=None)

    def spans(self, since: datetime, *, days: int) -> list[Span]:
        """The open spans of so many days, cut off at both ends; those that touch or overlap are one."""
        end = since + timedelta(days=days)
        spans = (span for one in self.hours for span in one.between(since, end))
        joined: list[Span] = []
        for span in sorted(spans, key=lambda span: span.opens):
            if joined and span.opens <= joined[-1].closes:
                joined[-1] = Span(joined[-1].opens, max(joined[-1].closes, span.closes))
            else:
                joined.append(span)
        return joined

    @property
    def closed_on(self) -> frozenset[date]:
        """Dates on which all of them are closed as an exception."""
        closed = [
            {override.day for override in one.overrides if override.kind is Kind.CLOSED} for one in self.hours
        ]
        return frozenset(set.intersection(*closed)) if closed else frozenset()
