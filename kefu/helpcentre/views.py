"""Reading and searching: pages that are the same for everybody, so that a cache may keep them for a minute."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kefu.brands.models import Brand
from kefu.helpcentre.models import Category, Translation
from kefu.helpcentre.results import find_articles
from kefu.helpcentre.shelves import Shelf, fill_shelves
from kefu.search.find import find

CORE_SHELVES = 5
CHIPS = 4
RECENT = 6
RELATED = 4
MOST_INSTANT = 6
LONGEST_QUERY = 200

for_everybody = cache_control(public=True, max_age=60)


@require_safe
@for_everybody
def home(request: HttpRequest) -> HttpResponse:
    translations = list(Translation.objects.readable_in(_brand(request), _language()).listed())
    shelves = fill_shelves(translations)
    page = {
        "shelves": shelves[:CORE_SHELVES],
        "other_shelves": shelves[CORE_SHELVES:],
        "recent": sorted(translations, key=lambda one: (one.updated_at, -one.article.number), reverse=True)[
            :RECENT
        ],
        "examples": _examples(translations),
    }
    return render(request, "helpcentre/home.html", page)


@require_safe
@for_everybody
def category(request: HttpRequest, key: str) -> HttpResponse:
    shelf = get_object_or_404(Category, brand=_brand(request), key=key)
    shelves = fill_shelves(Translation.objects.readable_in(_brand(request), _language()).listed())
    page = {
        "shelf": next((one for one in shelves if one.category == shelf), Shelf(shelf, ())),
        "others": [one for one in shelves if one.category != shelf],
    }
    return render(request, "helpcentre/category.html", page)


@require_safe
@for_everybody
def article(request: HttpRequest, slug: str) -> HttpResponse:
    readable = Translation.objects.readable_in(_brand(request), _language())
    translation = get_object_or_404(readable, article__slug=slug)
    related = (
        readable.listed().filter(article__category=translation.article.category).exclude(pk=translation.pk)
    )
    page = {"translation": translation, "article": translation.article, "related": related[:RELATED]}
    return render(request, "helpcentre/article.html", page)


@require_safe
@for_everybody
def search(request: HttpRequest) -> HttpResponse:
    query = _query(request)
    results = find_articles(query, brand=_brand(request), language=_language())
    page = {"query": query, "results": results}
    if not results:
        page["examples"] = _examples(Translation.objects.readable_in(_brand(request), _language()).listed())
    return render(request, "helpcentre/search.html", page)


@require_safe
@for_everybody
def instant(request: HttpRequest) -> HttpResponse:
    """The first hits as JSON, for the list under a search box; titles are lists of [text, does it match]."""
    hits = find(_query(request), brand=_brand(request), language=_language(), limit=MOST_INSTANT)
    return JsonResponse(
        {
            "hits": [
                {
                    "path": hit.path,
                    "label": hit.label,
                    "title": [[part.text, part.is_match] for part in hit.title],
                }
                for hit in hits
            ]
        }
    )


def _brand(request: HttpRequest) -> Brand:
    brand: Brand | None = getattr(request, "brand", None)
    if brand is None:
        raise Http404("There is no brand yet.")
    return brand


def _language() -> str:
    return get_language() or ""


def _query(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "")[:LONGEST_QUERY].split())


def _examples(translations: Iterable[Translation]) -> list[str]:
    """What people type for the first articles: searches that are sure to find something."""
    return [one.synonyms[0] for one in islice(translations, CHIPS) if one.synonyms]
