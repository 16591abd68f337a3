"""Reading: pages that are the same for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from kefu.brands.models import Brand
from kefu.helpcentre.feedback_words import reasons
from kefu.helpcentre.models import Category, Translation
from kefu.helpcentre.nouns.feedback import LONGEST_WORDS
from kefu.helpcentre.reports.figures import Span, share_of
from kefu.helpcentre.shelves import Shelf, fill_shelves
from kefu.helpcentre.structured import of_article, of_shelf
from kefu.ui.kept_pages import for_everybody
from kefu.ui.languages import HTML_LANG

CORE_SHELVES = 5
CHIPS = 4
RECENT = 6
RELATED = 4
# A share of fewer answers says more about chance than about the article.
ENOUGH_ANSWERS = 20
SHARE_DAYS = 30


@require_safe
@for_everybody
def home(request: HttpRequest) -> HttpResponse:
    translations = list(Translation.objects.readable_in(brand_of(request), language_now()).listed())
    shelves = fill_shelves(translations)
    page = {
        "shelves": shelves[:CORE_SHELVES],
        "other_shelves": shelves[CORE_SHELVES:],
        "recent": sorted(translations, key=lambda one: (one.updated_at, -one.article.number), reverse=True)[
            :RECENT
        ],
        "examples": examples_of(translations),
    }
    return render(request, "helpcentre/home.html", page)


@require_safe
@for_everybody
def category(request: HttpRequest, key: str) -> HttpResponse:
    shelf = get_object_or_404(Category.objects.select_related("moved_to"), brand=brand_of(request), key=key)
    if shelf.archived_at is not None:
        to = shelf.moved_to
        return redirect("helpcentre:category", to.key) if to else redirect("helpcentre:home")
    shelves = fill_shelves(Translation.objects.readable_in(brand_of(request), language_now()).listed())
    page: dict[str, Any] = {
        "shelf": next((one for one in shelves if one.category == shelf), Shelf(shelf, ())),
        "others": [one for one in shelves if one.category != shelf],
    }
    page["structured"] = of_shelf(shelf, page["shelf"].translations, brand_of(request))
    return render(request, "helpcentre/category.html", page)


@require_safe
@for_everybody
def article(request: HttpRequest, slug: str) -> HttpResponse:
    readable = Translation.objects.readable_in(brand_of(request), language_now())
    translation = readable.filter(article__slug=slug).first()
    if translation is None:
        former = get_object_or_404(readable, article__former_slugs__slug=slug)
        return HttpResponsePermanentRedirect(reverse("helpcentre:article", args=[former.article.slug]))
    related = (
        readable.listed().filter(article__category=translation.article.category).exclude(pk=translation.pk)
    )
    share = share_of(translation, Span.of_last(SHARE_DAYS))
    page = {
        "translation": translation,
        "article": translation.article,
        "related": related[:RELATED],
        "share": share if share.answers >= ENOUGH_ANSWERS else None,
        "reasons": reasons(),
        "longest_words": LONGEST_WORDS,
        "structured": of_article(translation, brand_of(request)),
    }
    _say_where_it_is_spoken(request, translation)
    return render(request, "helpcentre/article.html", page)


def _say_where_it_is_spoken(request: HttpRequest, translation: Translation) -> None:
    """An article need not be there in every language; who changes to another finds its shelf then."""
    spoken = set(translation.article.translations.shown().values_list("language", flat=True))
    shelf = {}
    for code in HTML_LANG:
        if code not in spoken:
            with override(code):
                shelf[code] = reverse("helpcentre:category", args=[translation.article.category.key])
    request.spoken, request.in_languages = spoken, shelf  # type: ignore[attr-defined]


def brand_of(request: HttpRequest) -> Brand:
    brand: Brand | None = getattr(request, "brand", None)
    if brand is None:
        raise Http404("There is no brand yet.")
    return brand


def language_now() -> str:
    return get_language() or ""


def examples_of(translations: Iterable[Translation]) -> list[str]:
    """What people type for the first articles: searches that are sure to find something."""
    return [one.synonyms[0] for one in islice(translations, CHIPS) if one.synonyms]
