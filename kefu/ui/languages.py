"""The languages of the house: how each is written in a path, in HTML and in its own words."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header


class Language(StrEnum):
    """Those that pages are written in: a closed value, which facts may carry."""

    ZH_HANS = "zh-hans"
    ZH_HANT = "zh-hant"
    EN = "en"


HTML_LANG = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}
# What browsers send for the two scripts; regions say the script where the tag itself doesn't.
TRADITIONAL = {"zh-hant", "zh-tw", "zh-hk", "zh-mo"}


def html_lang(language: str | None) -> str:
    """The BCP 47 tag for a language of ours: `zh-hans` gives `zh-Hans`."""
    return HTML_LANG.get(language or "", HTML_LANG[settings.LANGUAGE_CODE])


def language_in(path: str) -> str | None:
    """The language that a path starts with, or None: `/zh-hant/contact/` gives `zh-hant`."""
    first = path.removeprefix("/").partition("/")[0]
    return first if first in HTML_LANG else None


def wished_language(request: HttpRequest) -> str:
    """The first language that the browser asks for and we have, else the first of ours."""
    for wished, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if wished == "*":
            break
        if found := ours_for(wished):
            return found
    return settings.LANGUAGE_CODE


def ours_for(tag: str) -> str | None:
    """Our language for a BCP 47 tag, regions of Chinese included; None if we have none."""
    tag = tag.lower()
    if tag in TRADITIONAL or tag.startswith("zh-hant"):
        return "zh-hant"
    if tag == "zh" or tag.startswith("zh-"):
        return "zh-hans"
    try:
        return get_supported_language_variant(tag)
    except LookupError:
        return None


def in_language(path: str, language: str) -> str:
    """The same page in another language."""
    now = language_in(path)
    return f"/{language}{path.removeprefix(f'/{now}')}" if now else path


def language_name(language: str) -> str:
    """A language in its own words."""
    return dict(settings.LANGUAGES).get(language, language)
