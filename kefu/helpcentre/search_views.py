"""H11: searching, and what a page of ours tells of it: that results were looked at, or an article opened from them."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Annotated

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kefu.helpcentre.actions import count_opening, count_search, search_key
from kefu.helpcentre.feedback_views import Malformed, decoded, network, never_kept, seconds, too_often
from kefu.helpcentre.models import Article, Translation
from kefu.helpcentre.nouns.searching import LONGEST_QUERY
from kefu.helpcentre.results import A_PAGE, Asked, find_articles
from kefu.helpcentre.searchable import NAME
from kefu.helpcentre.views import brand_of, examples_of, language_now
from kefu.safety.limits import Limit, TooMany, take
from kefu.search.find import find
from kefu.search.find import search as search_index
from kefu.ui.kept_pages import asked_each_time
from kefu.ui.tools import tool_for

MOST_INSTANT = 6
LONGEST_NUMBER = 5
# Many people may share one address, a mobile network's for example; the list asks several times a word.
SEARCHED = Limit("helpcentre.search.page.address", 600, timedelta(minutes=10))
TYPED = Limit("helpcentre.search.instant.address", 1_800, timedelta(minutes=10))
# Whoever opens an article from the same words again the same day is counted once, so that many openings are many people.
OPENED = Limit("helpcentre.search.opened", 1, timedelta(days=1))
TOLD = Limit("helpcentre.search.address", 300, timedelta(minutes=10))


@require_safe
@asked_each_time
def search(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    try:
        if asked.query:
            take(SEARCHED, network(request))
    except TooMany as refusal:
        return _asked_too_often(request, asked, refusal)
    found = find_articles(asked, brand=brand_of(request), language=language_now())
    page: dict[str, object] = {"query": asked.query, "asked": asked, "found": found}
    page["tool"] = tool_for(asked.query)
    page |= _pages(asked, found.number)
    if not found.number:
        page["examples"] = examples_of(
            Translation.objects.readable_in(brand_of(request), language_now()).listed()
        )
    return render(request, "helpcentre/search.html", page)


@require_safe
@asked_each_time
def instant(request: HttpRequest) -> HttpResponse:
    """The first hits as JSON, for the list under a search box; titles are lists of [text, does it match]."""
    try:
        take(TYPED, network(request))
    except TooMany as refusal:
        answer = {"code": "too_many", "message": too_often(refusal)}
        return JsonResponse(answer, status=429, headers={"Retry-After": str(seconds(refusal))})
    query = _query(request)
    hits = find(query, brand=brand_of(request), language=language_now(), limit=MOST_INSTANT)
    return JsonResponse(
        {
            "hits": [
                *_offered(query),
                *(
                    {
                        "path": hit.path,
                        "label": hit.label,
                        "title": [[part.text, part.is_match] for part in hit.title],
                    }
                    for hit in hits
                ),
            ]
        }
    )


def _offered(query: str) -> list[dict[str, object]]:
    """A tool that is for what was typed; its address says nothing of that."""
    tool = tool_for(query)
    if tool is None:
        return []
    return [{"path": reverse(tool.url_name), "label": str(tool.offer), "title": [[str(tool.name), False]]}]


class Searched(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words; with a slug, that this article was opened from their results."""

    query: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_QUERY)]
    opened: Annotated[str, msgspec.Meta(max_length=80)] = ""


@csrf_exempt
@require_POST
@never_kept
def told(request: HttpRequest) -> HttpResponse:
    """Who tells more than the limit is not counted, and not told. How many results there are we know best ourselves."""
    brand = brand_of(request)
    try:
        searched = decoded(request, Searched)
        take(TOLD, network(request))
    except (Malformed, TooMany):
        return HttpResponse(status=204)
    query = " ".join(searched.query.split())
    found = search_index(query, brand=brand, language=language_now(), limit=0, only=[NAME])
    among = Article.objects.public().of_brand(brand).filter(pk__in=found.object_ids)
    if not searched.opened:
        count_search(brand=brand, language=language_now(), query=query, found=found.number)
    elif article := among.filter(slug=searched.opened).first():
        with suppress(TooMany):
            take(OPENED, f"{network(request)} {search_key(query)} {article.pk}")
            count_opening(brand=brand, query=query, article=article)
    return HttpResponse(status=204)


def _asked(request: HttpRequest) -> Asked:
    """A page number that is none is the first."""
    typed = request.GET.get("page", "1")
    page = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < LONGEST_NUMBER else 1
    return Asked(
        query=_query(request),
        page=max(1, page),
        shelf=request.GET.get("shelf", "")[:LONGEST_QUERY],
        shown_in=request.GET.get("in", "")[:LONGEST_QUERY],
    )


def _query(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "")[:LONGEST_QUERY].split())


def _asked_too_often(request: HttpRequest, asked: Asked, refusal: TooMany) -> HttpResponse:
    """What was typed stays in the box."""
    page = {"query": asked.query, "asked": asked, "problem": too_often(refusal)}
    response = render(request, "helpcentre/search.html", page, status=429)
    response.headers["Retry-After"] = str(seconds(refusal))
    return response


def _pages(asked: Asked, number: int) -> dict[str, int | None]:
    first = (asked.page - 1) * A_PAGE + 1
    return {
        "first": first,
        "last": min(number, asked.page * A_PAGE),
        "earlier": asked.page - 1 if asked.page > 1 else None,
        "later": asked.page + 1 if number > asked.page * A_PAGE else None,
    }
