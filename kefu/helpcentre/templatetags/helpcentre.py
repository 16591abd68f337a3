"""What only articles need: their stored HTML with its icons, names in the reader's language, days, and links to the chat."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import urlencode

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kefu.helpcentre.models import Article, Category
from kefu.ui.languages import html_lang
from kefu.ui.moments import written_day
from kefu.ui.templatetags.kefu import icon

register = template.Library()
register.filter("as_html_lang", html_lang)

ICON = re.compile(r'<i (?:class="(?P<size>small)" )?data-icon="(?P<name>[a-z-]+)"></i>')


@register.filter
def drawn(html: str) -> SafeString:
    """Stored article HTML, made by the renderer and cleaned, with today's icons in it."""
    return mark_safe(ICON.sub(lambda found: icon(found["name"], found["size"] or ""), html))  # noqa: S308


@register.simple_tag
def shelf_name(category: Category) -> str:
    return category.name_in(get_language() or "")


@register.simple_tag
def owner(article: Article) -> str:
    return article.owner_in(get_language() or "")


@register.simple_tag
def day(value: date | datetime | None) -> SafeString | str:
    """A day by its date: a bare date is the same wherever it is read, a moment's day is that of the current zone."""
    if value is None:
        return ""
    bare = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', bare.isoformat(), written_day(bare))


@register.filter
def topic_query(category: Category) -> str:
    """The query that takes the chat to the topic of a shelf."""
    return f"?{urlencode({'topic': category.topic})}" if category.topic else ""
