"""The API to read and search articles, version 1: what everybody may read, as JSON. `/api/v1/openapi.json` describes it.

An answer that is no success is `{"error": {"code": …, "message": …}}`; codes are for programs and never change.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from kefu.brands.models import Brand
from kefu.helpcentre.api_answers import (
    Refused,
    brand_asked,
    json_of,
    not_allowed,
    number_asked,
    refusal_of,
    take_or_refuse,
)
from kefu.helpcentre.feedback_views import network
from kefu.helpcentre.models import Translation
from kefu.helpcentre.openapi import LANGUAGE_TAG, document
from kefu.helpcentre.results import best_articles
from kefu.helpcentre.structured import address_of
from kefu.safety.limits import Limit
from kefu.ui.kept_pages import asked_each_time, for_everybody_who_asks
from kefu.ui.languages import HTML_LANG, html_lang, ours_for

MOST, USUAL, MOST_FOUND = 100, 50, 30
LONGEST_QUERY = 200
# Many may share one address, and one server may ask for many people.
SEARCHED = Limit("helpcentre.api.search.address", 600, timedelta(minutes=10))
# What the page cache answers is not counted; whoever copies the whole help centre in all languages stays below.
READ = Limit("helpcentre.api.read.address", 1200, timedelta(minutes=10))
View = Callable[..., HttpResponse]


def reads(view: Callable[..., dict[str, Any]]) -> View:
    """A door that only reads: GET and HEAD, and JSON whatever happens, for pages of any origin.

    What everybody may read any page may read: no browser sends a cookie along without Allow-Credentials, and none is needed.
    """

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method not in {"GET", "HEAD"}:
                raise not_allowed("GET, HEAD")
            response = json_of(view(request, *args, **kwargs))
            response.headers["Content-Language"] = html_lang(request.LANGUAGE_CODE)
        except Refused as why:
            response = refusal_of(why)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        return response

    return answer


@for_everybody_who_asks("lang", "after", "limit")
@reads
def articles(request: HttpRequest) -> dict[str, Any]:
    """Every public article in one language, by its number; `after` is the last number that the caller has."""
    brand = brand_asked(request)
    language, limit = _language(request, brand), number_asked(request, "limit", USUAL, least=1, most=MOST)
    after = number_asked(request, "after", 0, least=0, most=10**9)
    take_or_refuse(READ, network(request))
    readable = Translation.objects.readable_in(brand, language).listed()
    found = list(readable.filter(article__number__gt=after).order_by("article__number")[: limit + 1])
    shown = found[:limit]
    following = None
    if len(found) > limit:
        query = urlencode({"lang": language, "limit": limit, "after": shown[-1].article.number})
        following = f"{brand.origin}{reverse('api_articles')}?{query}"
    return {"articles": [_in_short(one, brand) for one in shown], "next": following}


@for_everybody_who_asks("lang")
@reads
def article(request: HttpRequest, slug: str) -> dict[str, Any]:
    """One article whole, as it is drawn and as bare text."""
    brand = brand_asked(request)
    language = _language(request, brand)
    take_or_refuse(READ, network(request))
    found = Translation.objects.readable_in(brand, language).filter(article__slug=slug).first()
    if found is None:
        raise Refused(404, "not_found", "There is no such article in this language that everybody may read.")
    spoken = found.article.translations.shown().values_list("language", flat=True)
    return _in_short(found, brand) | {
        "languages": [code for code in HTML_LANG if code in set(spoken)],
        "synonyms": list(found.synonyms),
        "html": found.html,
        "text": found.text,
    }


@asked_each_time
@reads
def search(request: HttpRequest) -> dict[str, Any]:
    """The best articles for some words, in the caller's language first."""
    brand = brand_asked(request)
    language, limit = _language(request, brand), number_asked(request, "limit", 10, least=1, most=MOST_FOUND)
    query = " ".join(request.GET.get("q", "").split())
    if not query:
        raise Refused(400, "query_missing", "Say in q what is looked for.")
    if len(query) > LONGEST_QUERY:
        raise Refused(400, "query_too_long", f"q has at most {LONGEST_QUERY} characters.")
    take_or_refuse(SEARCHED, network(request))
    results = best_articles(query, brand=brand, language=language, limit=limit)
    return {
        "query": query,
        "results": [
            _in_short(one.translation, brand)
            | {"snippet": [{"text": part.text, "match": part.is_match} for part in one.hit.snippet]}
            for one in results
        ],
    }


@asked_each_time
@reads
def openapi(request: HttpRequest) -> dict[str, Any]:
    return document(brand_asked(request).origin)


@reads
def nothing_here(_request: HttpRequest, rest: str) -> dict[str, Any]:  # noqa: ARG001 - the address's own
    raise Refused(404, "not_found", "There is nothing at this address; see /api/v1/openapi.json.")


def _in_short(translation: Translation, brand: Brand) -> dict[str, Any]:
    language, category = translation.language, translation.article.category
    with override(language):
        address = address_of(translation, brand)
    return {
        "slug": translation.article.slug,
        "number": translation.article.number,
        "language": language,
        "title": translation.title,
        "summary": translation.summary,
        "category": {"key": category.key, "name": category.name_in(language)},
        "url": address,
        "minutes": translation.minutes,
        "updated_at": translation.updated_at.isoformat(timespec="seconds"),
        "reviewed_on": translation.reviewed_on.isoformat() if translation.reviewed_on else None,
    }


def _language(request: HttpRequest, brand: Brand) -> str:
    offered = [code for code in HTML_LANG if code in (brand.languages or HTML_LANG)]
    tag = request.GET.get("lang", offered[0])
    language = ours_for(tag) if re.fullmatch(LANGUAGE_TAG, tag) else None
    if language not in offered:
        raise Refused(400, "unknown_language", f"lang is one of {', '.join(offered)}.")
    request.LANGUAGE_CODE = language
    return language
