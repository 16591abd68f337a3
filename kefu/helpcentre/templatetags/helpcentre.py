"""What only articles need: their stored HTML with its icons, names in the reader's language, days, and links to the chat."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kefu.brands.models import Brand
from kefu.cases.models import IssueType
from kefu.helpcentre.at_the_desk import linked_here
from kefu.helpcentre.models import Article, Category, Translation
from kefu.safety.guard import PLACEHOLDER, Guarded, guard
from kefu.ui.languages import html_lang
from kefu.ui.moments import written_day
from kefu.ui.templatetags.kefu import icon
from kefu.ui.tools import Tool, tool_called

register = template.Library()
NO_TAGS = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
register.filter("as_html_lang", html_lang)

ICON = re.compile(r'<i (?:class="(?P<size>small)" )?data-icon="(?P<name>[a-z-]+)"></i>')

# Up to a mark that ends a clause, or up to one that begins one.
CLAUSE = re.compile(r"[^：，、；？！]+?(?=[（「])|[^：，、；？！]*[：，、；？！]|[^：，、；？！]+")


@register.filter
def drawn(html: str) -> SafeString:
    """Stored article HTML, made by the renderer and cleaned, with today's icons in it."""
    return mark_safe(ICON.sub(lambda found: icon(found["name"], found["size"] or ""), html))  # noqa: S308


@register.filter
def drawn_for_staff(translation: Translation, here: Brand | None) -> SafeString:
    """The same on a page of the desk that stands on the host of `here`."""
    return drawn(linked_here(translation.html, brand=translation.article.brand, here=here))


@register.filter
def in_clauses(title: str) -> SafeString | str:
    """A title that breaks between its clauses first: Chinese has no spaces, and browsers break it inside words as well."""
    parts = CLAUSE.findall(title)
    if len(parts) == 1:
        return title
    return format_html_join("", '<span class="clause">{}</span>', ([part] for part in parts))


@register.filter
def masked(words: Guarded) -> str:
    """What a reader wrote, with a bar where a secret stood."""
    return PLACEHOLDER.sub("▇▇▇", words)


@register.filter
def as_json_ld(things: Iterable[Mapping[str, Any]]) -> SafeString:
    """Data blocks for search engines. A browser runs none of it; no text can end the block or begin a tag in it."""
    written = (json.dumps(thing, ensure_ascii=False).translate(NO_TAGS) for thing in things)
    return mark_safe("\n".join(f'<script type="application/ld+json">{one}</script>' for one in written))  # noqa: S308


@register.simple_tag
def shelf_name(category: Category) -> str:
    return category.name_in(get_language() or "")


@register.simple_tag
def owner(article: Article) -> str:
    return article.owner_in(get_language() or "")


@register.simple_tag
def tool_of(article: Article) -> Tool | None:
    """What does the thing that the article explains, if there is such a tool in this house."""
    return tool_called(article.tool)


@register.simple_tag
def day(value: date | datetime | None) -> SafeString | str:
    """A day by its date: a bare date is the same wherever it is read, a moment's day is that of the current zone."""
    if value is None:
        return ""
    bare = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', bare.isoformat(), written_day(bare))


@register.simple_tag
def carried(category: Category | None = None, article: Article | None = None, query: str = "") -> str:
    """The query that takes the chat to the topic of a shelf and to an issue type, with what was read and searched here."""
    values = {
        "topic": category.topic if category else "",
        "read": f"article:{article.slug}" if article else "",
        "issue": article.issue_type if article and article.issue_type in IssueType.values else "",
        "searched": "" if guard(query).found else query,
    }
    carried = urlencode({name: value for name, value in values.items() if value})
    return f"?{carried}" if carried else ""
