"""The report's pictures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kefu.ui.charts import Bar, bars
from kefu.ui.moments import written_day


def readings_chart(by_day: Sequence[tuple[date, int]]) -> SafeString:
    return bars(
        [Bar(written_day(day), count) for day, count in by_day],
        about=gettext("How often articles were opened, by day"),
    )
