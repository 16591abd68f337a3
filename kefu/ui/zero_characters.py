"""The zero character comes in by no door: PostgreSQL has no place for it, and no keyboard a key.

Forms, addresses and cookies are looked at here for every view. A door that takes JSON asks `is_in_json` before it reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

Respond = Callable[[HttpRequest], HttpResponse]
ZERO = "\0"
# Behind an even number of backslashes: with one more the text only speaks of it.
ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class ZeroCharacter(BadRequest):
    """Something that was typed holds one; the page for bad requests says so."""


def known_characters(get_response: Respond) -> Respond:
    """An address that holds one leads nowhere, and a cookie that does is none of ours."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if ZERO in request.path_info:
            raise Http404
        request.COOKIES = known_cookies(request.COOKIES)
        return get_response(request)

    return middleware


class KnownCharactersInForms:
    """What is asked for and what is typed. Before a view is called, and after the form's own token was looked at."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Raises ZeroCharacter."""
        if _is_in(request.GET) or _is_in(request.POST):
            raise ZeroCharacter


def known_cookies(cookies: Mapping[str, str]) -> dict[str, str]:
    """In quotes, a cookie may hold any character."""
    return {name: value for name, value in cookies.items() if ZERO not in value}


def is_in_json(raw: bytes | str) -> bool:
    """Whether a string in it holds one; unescaped it would be no JSON."""
    text = raw if isinstance(raw, str) else raw.decode("latin-1")
    return "\\u0000" in text and ESCAPED.search(text) is not None


def _is_in(typed: QueryDict) -> bool:
    return any(ZERO in text for name, values in typed.lists() for text in (name, *values))
