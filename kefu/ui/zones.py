"""Time zones as people name them, and their distance from UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext, gettext_noop

# Zones whose time has a name of its own in conversation; `publish_zones` writes them for the browser.
NAMES = {
    "Asia/Shanghai": gettext_noop("Beijing time"),
    "Asia/Urumqi": gettext_noop("Urumqi time"),
    "Asia/Hong_Kong": gettext_noop("Hong Kong time"),
    "Asia/Macau": gettext_noop("Macau time"),
    "Asia/Taipei": gettext_noop("Taipei time"),
    "Asia/Singapore": gettext_noop("Singapore time"),
    "Asia/Kuala_Lumpur": gettext_noop("Kuala Lumpur time"),
    "Asia/Manila": gettext_noop("Manila time"),
    "Asia/Tokyo": gettext_noop("Tokyo time"),
    "Asia/Seoul": gettext_noop("Seoul time"),
    "Asia/Bangkok": gettext_noop("Bangkok time"),
    "Asia/Ho_Chi_Minh": gettext_noop("Ho Chi Minh City time"),
    "Asia/Jakarta": gettext_noop("Jakarta time"),
    "Asia/Kolkata": gettext_noop("India time"),
    "Asia/Dubai": gettext_noop("Dubai time"),
    "Asia/Riyadh": gettext_noop("Riyadh time"),
    "Europe/Istanbul": gettext_noop("Istanbul time"),
    "Europe/Moscow": gettext_noop("Moscow time"),
    "Europe/Berlin": gettext_noop("Berlin time"),
    "Europe/Paris": gettext_noop("Paris time"),
    "Europe/London": gettext_noop("London time"),
    "Africa/Lagos": gettext_noop("Lagos time"),
    "Africa/Johannesburg": gettext_noop("Johannesburg time"),
    "America/Sao_Paulo": gettext_noop("São Paulo time"),
    "America/New_York": gettext_noop("New York time"),
    "America/Chicago": gettext_noop("Chicago time"),
    "America/Denver": gettext_noop("Denver time"),
    "America/Los_Angeles": gettext_noop("Los Angeles time"),
    "America/Toronto": gettext_noop("Toronto time"),
    "America/Vancouver": gettext_noop("Vancouver time"),
    "Australia/Sydney": gettext_noop("Sydney time"),
    "Australia/Perth": gettext_noop("Perth time"),
    "Pacific/Auckland": gettext_noop("Auckland time"),
    "UTC": gettext_noop("UTC"),
}
CONTINENTS = {
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
}
# Names that browsers still report for zones that were renamed.
SAME_AS = {
    "PRC": "Asia/Shanghai",
    "Asia/Chongqing": "Asia/Shanghai",
    "Asia/Harbin": "Asia/Shanghai",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Asia/Macao": "Asia/Macau",
    "Hongkong": "Asia/Hong_Kong",
    "ROC": "Asia/Taipei",
    "Singapore": "Asia/Singapore",
    "Japan": "Asia/Tokyo",
    "ROK": "Asia/Seoul",
    "Etc/UTC": "UTC",
    "Etc/GMT": "UTC",
    "GMT": "UTC",
}


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_called(name: str | None) -> ZoneInfo | None:
    """The zone of this IANA name, or None for anything else."""
    return ZoneInfo(str(name)) if name in _known() else None


def zone_key(zone: tzinfo) -> str:
    return getattr(zone, "key", "UTC")


@dataclass(frozen=True)
class ZoneChoice:
    key: str
    name: str
    is_chosen: bool = False


def zone_choices(at: datetime, chosen: str) -> list[tuple[str, list[ZoneChoice]]]:
    """All zones for a list: those whose time has a name of its own, with their distance at this moment, and then every one by
    its key. What was chosen is chosen once, by whatever name; what is no zone isn't there.
    """
    common = [
        ZoneChoice(key, f"{zone_name(ZoneInfo(key), at)} · {offset_name(ZoneInfo(key), at)}", key == chosen)
        for key in NAMES
    ]
    others = {key for key in _known() if key.partition("/")[0] in CONTINENTS}
    is_named = chosen in NAMES
    if chosen in _known() and not is_named:
        others.add(chosen)
    every = [ZoneChoice(key, key, key == chosen and not is_named) for key in sorted(others)]
    return [(gettext("Common"), common), (gettext("All zones"), every)]


def zone_name(zone: tzinfo, at: datetime) -> str:
    """What people call this zone: 「北京时间」, or its distance from UTC when it has no name of its own."""
    key = zone_key(zone)
    name = NAMES.get(SAME_AS.get(key, key))
    return gettext(name) if name else offset_name(zone, at)


def offset_name(zone: tzinfo, at: datetime) -> str:
    """The distance from UTC at a moment: `UTC+8`, `UTC+5:30`, `UTC−4`, `UTC`."""
    offset = at.astimezone(zone).utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"
