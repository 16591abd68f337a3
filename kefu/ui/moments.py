"""A moment in words: the day, the time and the name of the zone, in the current language."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from kefu.ui.zones import zone_name

NEAR = {-1: gettext_lazy("yesterday"), 0: gettext_lazy("today"), 1: gettext_lazy("tomorrow")}
STYLES = {"full", "short", "clock", "day"}
# fmt: off
WEEKDAYS = [
    gettext_lazy("Mon"), gettext_lazy("Tue"), gettext_lazy("Wed"), gettext_lazy("Thu"),
    gettext_lazy("Fri"), gettext_lazy("Sat"), gettext_lazy("Sun"),
]
# fmt: on
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"]


def written(at: datetime, style: str = "full") -> str:
    """`2026年11月23日 21:00（北京时间）`, or `23 Nov 2026, 21:00 (Beijing time)`."""
    local = timezone.localtime(at)
    if style == "day":
        return written_day(local.date())
    clock = f"{local:%H:%M}"
    words = (
        clock
        if style == "clock"
        else gettext("%(day)s, %(clock)s") % {"day": written_day(local.date()), "clock": clock}
    )
    if style == "short":
        return words
    return with_zone(words, at)


def with_zone(words: str, at: datetime) -> str:
    """The words with the current zone's name in brackets."""
    return gettext("%(when)s (%(zone)s)") % {
        "when": words,
        "zone": zone_name(timezone.get_current_timezone(), at),
    }


def written_day(day: date) -> str:
    if (get_language() or "").startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_name(at: datetime, now: datetime) -> str:
    """`今天`, `昨天`, `11月23日`, `2025年11月23日`: a day near to now, in the words of times.js."""
    day, today = timezone.localtime(at).date(), timezone.localtime(now).date()
    away = (day - today).days
    if away in NEAR:
        return str(NEAR[away])
    if day.year != today.year:
        return written_day(day)
    if (get_language() or "").startswith("zh"):
        return f"{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]}"


def weekday(day: date) -> str:
    """`周一`, `週一`, `Mon`."""
    return str(WEEKDAYS[day.weekday()])
