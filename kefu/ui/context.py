"""What every page knows about itself, from the address and the brand alone, so that pages stay cacheable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation

from kefu.ui.languages import html_lang, in_language, language_in
from kefu.ui.zones import offset_name, zone_key, zone_name

DEFAULT_HUE = 226


@dataclass(frozen=True)
class OtherLanguage:
    code: str
    lang: str
    name: str
    url: str


class Page:
    """Templates read `page.…`; a view with addresses of its own sets `request.in_languages = {code: url}`.

    One that answers a form with the page of another address sets `request.page_path`: where the reader finds that page
    again, for the form's own address can't be asked for. What that one had in its query is left out then.
    `request.page_query` stands for the query where not all of it may go along into another language.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.path: str = getattr(request, "page_path", request.path)
        # A page that is kept for everybody sees of the query what it asks for, and no more.
        query = getattr(request, "page_query", request.META.get("QUERY_STRING", ""))
        self._asked = f"?{query}" if query and self.path == request.path else ""
        self.language = translation.get_language() or settings.LANGUAGE_CODE
        self.lang = html_lang(self.language)
        self.brand = getattr(request, "brand", None)

    @property
    def brand_name(self) -> str:
        return self.brand.name if self.brand else "Kefu"

    @property
    def domain(self) -> str:
        return self.brand.domain if self.brand else ""

    @property
    def origin(self) -> str:
        """Where the page is for the whole world, whatever host was asked for."""
        return self.brand.origin if self.brand else str(settings.PUBLIC_ORIGIN)

    @property
    def brand_css(self) -> str:
        return reverse("ui:brand_css", args=[self.brand.accent_hue if self.brand else DEFAULT_HUE])

    @property
    def has_own_colour(self) -> bool:
        """The sheets have the usual hue in them."""
        return self.brand is not None and self.brand.accent_hue != DEFAULT_HUE

    @property
    def section(self) -> str:
        """The room that the page belongs to, for the header's `aria-current`."""
        match = self.request.resolver_match
        return match.app_name if match else ""

    @property
    def languages(self) -> list[OtherLanguage]:
        """The page in every language of the brand, its own included; empty where the path has no language."""
        return self._in_languages("")

    @property
    def language_links(self) -> list[OtherLanguage]:
        """The same with what was asked for, for whoever goes on in another language."""
        return self._in_languages(self._asked)

    def _in_languages(self, asked: str) -> list[OtherLanguage]:
        known = getattr(self.request, "in_languages", {})
        if not known and not language_in(self.path):
            return []
        offered = (self.brand.languages if self.brand else None) or [code for code, _ in settings.LANGUAGES]
        return [
            OtherLanguage(
                code, html_lang(code), name, known.get(code) or in_language(self.path, code) + asked
            )
            for code, name in settings.LANGUAGES
            if code in offered
        ]

    @property
    def alternates(self) -> list[OtherLanguage]:
        """The languages that this very page is there in: a view that knows of less than all sets `request.spoken`."""
        spoken = getattr(self.request, "spoken", None)
        return [one for one in self.languages if spoken is None or one.code in spoken]

    @property
    def other_languages(self) -> list[OtherLanguage]:
        return [language for language in self.language_links if language.code != self.language]

    @property
    def zone(self) -> str:
        return zone_key(timezone.get_current_timezone())

    @property
    def zone_name(self) -> str:
        return zone_name(timezone.get_current_timezone(), timezone.now())

    @property
    def zone_offset(self) -> str:
        return offset_name(timezone.get_current_timezone(), timezone.now())

    @property
    def zone_chooser(self) -> str:
        return f"{reverse('ui:zone', args=[self.language])}?next={quote(self.path + self._asked)}"


def page(request: HttpRequest) -> dict[str, Any]:
    return {"page": Page(request)}
