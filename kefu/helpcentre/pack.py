"""The offline pack: the most important articles as one page, for people who are locked out and may lose their connection.

Their order is that of the articles' numbers, which editors change. Nothing in it needs a file beside it: links lead to what
is further down the page or to the address for the whole world, pictures are told in words, and each way of a choice is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kefu.brands.models import Brand
from kefu.helpcentre.markdown.render import with_attributes
from kefu.helpcentre.models import Translation

MOST = 20
ICON = re.compile(r"<i\b[^>]*></i>")
TABS = re.compile(r'<div class="tabs" role="tablist".*?</div>', re.DOTALL)
PANEL = re.compile(r'<div role="tabpanel"[^>]*>')
BUTTON = re.compile(r"<button\b.*?</button>", re.DOTALL)
PICTURE = re.compile(r"<img\b[^>]*>")
WORDS_OF_PICTURE = re.compile(r'\balt="([^"]*)"')
IDS = {"id", "aria-labelledby", "aria-controls"}
HEADING = re.compile(r"<(?P<close>/?)h(?P<level>[2-5])\b")


@dataclass(frozen=True)
class Leaf:
    """An article in the pack."""

    translation: Translation
    anchor: str
    html: SafeString


@dataclass(frozen=True)
class Pack:
    leaves: Sequence[Leaf]
    updated_at: datetime | None


def pack_of(brand: Brand, language: str) -> Pack:
    readable = Translation.objects.readable_in(brand, language).order_by("article__number")
    found = list(readable[:MOST])
    slugs = {one.article.slug for one in found}
    leaves = [Leaf(one, one.article.slug, loose(one, brand, slugs)) for one in found]
    return Pack(leaves, max((one.updated_at for one in found), default=None))


def loose(translation: Translation, brand: Brand, slugs: set[str]) -> SafeString:
    """The article's own HTML, made by the renderer and cleaned, so that it stands by itself among others."""
    anchor = translation.article.slug
    # Tabs need a script; on paper and in a saved file each panel stands under its own name.
    html = PANEL.sub("<div>", TABS.sub("", translation.html))
    html = ICON.sub("", html)
    html = PICTURE.sub(_picture_in_words, BUTTON.sub("", html))
    html = with_attributes(html, partial(_loose_attribute, anchor=anchor, brand=brand, slugs=slugs))
    # The article's title is a heading of the second level here.
    html = HEADING.sub(lambda found: f"<{found['close']}h{int(found['level']) + 1}", html)
    return mark_safe(html)  # noqa: S308 - cleaned when it was drawn


def _loose_attribute(_tag: str, name: str, value: str, *, anchor: str, brand: Brand, slugs: set[str]) -> str:
    if name in IDS:
        return f"{anchor}--{value}"
    return _lead(value, anchor, brand, slugs) if name == "href" else value


def _picture_in_words(found: re.Match[str]) -> str:
    words = WORDS_OF_PICTURE.search(found[0])
    return f"<em>[{words[1]}]</em>" if words and words[1] else ""


def _lead(address: str, anchor: str, brand: Brand, slugs: set[str]) -> str:
    if address.startswith("#"):
        return f"#{anchor}--{address[1:]}"
    beginning = reverse("helpcentre:home") + "articles/"
    slug = address.removeprefix(beginning).partition("/")[0] if address.startswith(beginning) else ""
    if slug in slugs:
        return f"#{slug}"
    return brand.origin + address if address.startswith("/") else address


def file_name(brand: Brand) -> str:
    """`xinghai-help-zh-hans.html`"""
    return f"{brand.key}-help-{get_language()}.html"
