"""Tags that every template has: `{% icon %}`, `{% moment %}`, `{% site_sheets %}` and `{% house_tools %}`."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kefu.ui import sheets
from kefu.ui.icons import SIZES, UnknownIcon, names
from kefu.ui.moments import STYLES, written, written_day
from kefu.ui.tools import Tool, tools

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """One symbol of the sprite, hidden from screen readers; raises UnknownIcon for a name or size we lack."""
    if name not in names() or size not in SIZES:
        raise UnknownIcon(f"There is no icon {name!r} of size {size!r}.")
    classes = f"icon {size}".strip() if name != "brand" else "brand-mark"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static("ui/icons.svg"), name
    )


@register.simple_tag
def site_sheets() -> list[str]:
    """The addresses of the sheets that every customer page has."""
    return sheets.addresses()


@register.simple_tag
def house_tools() -> tuple[Tool, ...]:
    """What this house offers to do by oneself, to be linked from a page."""
    return tools()


@register.simple_tag
def moment(at: datetime | date | None, style: str = "full") -> SafeString | str:
    """A `<time>` in the current zone, the zone named; times.js writes it anew in the reader's own.

    Styles: `full` (day, time, zone), `short` (day and time), `clock` (time and zone), `day` (the date alone).
    A bare date has no zone and is always a `day`.
    """
    if at is None:
        return ""
    if style not in STYLES:
        raise template.TemplateSyntaxError(f"{style!r} is no style of a moment.")
    if not isinstance(at, datetime):
        return _time(at.isoformat(), "day", written_day(at))
    if style == "day":
        return _time(timezone.localtime(at).date().isoformat(), style, written(at, style))
    return _time(at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), style, written(at, style))


def _time(machine: str, style: str, words: str) -> SafeString:
    return format_html('<time datetime="{}" data-moment="{}">{}</time>', machine, style, words)
