"""What the window says of the hours: drawn as they are now, and kept true by the shared state.js."""

from __future__ import annotations

from datetime import UTC

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kefu.ui.moments import written
from kefu.waiting.state import ChatState

register = template.Library()


@register.simple_tag
def when(state: ChatState, kinds: str, needs: str = "") -> SafeString:
    """Attributes of what is shown in these states only ("closed unstaffed"), once the moment that it `needs` is known."""
    fits = state.kind in kinds.split() and (not needs or getattr(state, needs) is not None)
    return format_html('data-when="{}"{}', kinds, "" if fits else SafeString(" hidden"))


@register.simple_tag
def filled(state: ChatState, field: str, style: str = "full") -> SafeString:
    """`next_opening` or `closes_at` as a `<time>`, empty while it is not known. Styles as in `{% moment %}`."""
    at = getattr(state, field)
    if at is None:
        return format_html('<time data-fill="{}" data-moment="{}"></time>', field, style)
    machine = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    words = written(at, style)
    return format_html(
        '<time data-fill="{}" data-moment="{}" datetime="{}">{}</time>', field, style, machine, words
    )
