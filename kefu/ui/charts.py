"""Figures as bars, drawn on the server as SVG. A table with the same figures stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

HIGH = 100
WIDE = 10
GAP = 2


@dataclass(frozen=True)
class Bar:
    """`label` says what it is of, `value` how high it is, zero or more."""

    label: str
    value: int


def bars(values: Sequence[Bar], *, about: str) -> SafeString:
    """Bars side by side, the highest as high as the picture, stretched to whatever width there is; `about` is read aloud."""
    highest = max((one.value for one in values), default=0)
    drawn = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>',
        (
            (
                place * WIDE + GAP // 2,
                HIGH - high,
                WIDE - GAP,
                high,
                one.label,
                one.value,
            )
            for place, one in enumerate(values)
            for high in (_height(one.value, highest),)
        ),
    )
    return format_html(
        '<svg class="bars" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        max(1, len(values)) * WIDE,
        HIGH,
        about,
        drawn,
    )


def _height(value: int, highest: int) -> int:
    """Whatever is more than nothing can be seen."""
    return max(2, round(value * HIGH / highest)) if value else 0
