"""The thread's parts for the server: the very templates that the browser's module copies, with their slots filled.

So both say the same words, and a sentence is translated once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

PART = re.compile(r'<template data-part="([\w-]+)">(.*?)</template>', re.DOTALL)
# An element that waits for its words: nothing is in it yet.
SLOT = re.compile(r'(<(\w+)\b[^>]*\bdata-slot="([\w-]+)"[^>]*>)(</\2>)')
TAG = re.compile(r"<[^>]*>")


def part(name: str) -> SafeString | None:
    """A part as it is, with its slots empty; None if there is none of that name."""
    return _parts(get_language() or "").get(name)


def made(name: str, /, **slots: str) -> SafeString | None:
    """A part with its slots filled; plain text is escaped."""
    found = part(name)
    return None if found is None else fill(found, slots)


def fill(markup: SafeString, slots: Mapping[str, str]) -> SafeString:
    """Slots of other names stay as they are."""

    def filled(match: re.Match[str]) -> str:
        opening, _, slot, closing = match.groups()
        return f"{opening}{conditional_escape(slots[slot])}{closing}" if slot in slots else match[0]

    # Our own template's markup, and what went through conditional_escape.
    return mark_safe(SLOT.sub(filled, markup))  # noqa: S308


def inside(name: str) -> SafeString:
    """What is within the one element that a part is; "" if there is no such part."""
    found = part(name) or ""
    return mark_safe(found[found.index(">") + 1 : found.rindex("</")]) if found else mark_safe("")  # noqa: S308


def words(name: str) -> str:
    """A part's text alone."""
    return TAG.sub("", part(name) or "").strip()


@lru_cache(maxsize=16)
def _parts(language: str) -> dict[str, SafeString]:  # noqa: ARG001 - the language is what makes them differ
    html = render_to_string("conversations/thread_templates.html")
    return {name: mark_safe(markup) for name, markup in PART.findall(html)}  # noqa: S308
