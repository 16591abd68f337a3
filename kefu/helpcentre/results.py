"""Search results as the page shows them: the hit, and what is known of the article today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kefu.brands.models import Brand
from kefu.helpcentre.actions import often_opened
from kefu.helpcentre.models import Category, Translation
from kefu.helpcentre.searchable import NAME
from kefu.search.find import Hit, Results, search
from kefu.search.suggesting import other_words, suggestion
from kefu.ui.languages import html_lang, language_name

A_PAGE = 10
# Colleagues get one list, without pages.
MOST = 30
OFTEN_OPENED = 3


@dataclass(frozen=True)
class Result:
    hit: Hit
    translation: Translation


@dataclass(frozen=True)
class Choice:
    """A shelf or a language that results can be narrowed to; without a value it stands for all."""

    value: str
    name: str
    number: int
    is_chosen: bool
    lang: str = ""


@dataclass(frozen=True)
class Asked:
    """What is asked of the page: the words, the page, and what the results are narrowed to."""

    query: str
    page: int = 1
    shelf: str = ""
    shown_in: str = ""


@dataclass(frozen=True)
class Found:
    """A page of results with all that stands around it."""

    results: Sequence[Result]
    number: int
    shelves: Sequence[Choice]
    languages: Sequence[Choice]
    also: Sequence[str]
    often_opened: Sequence[Translation]
    suggested: str


def find_articles(asked: Asked, *, brand: Brand, language: str) -> Found:
    """The best articles for everybody to read; one that was hidden since it was indexed is left out."""
    found = search(
        asked.query,
        brand=brand,
        language=language,
        limit=A_PAGE,
        start=(asked.page - 1) * A_PAGE,
        only=[NAME],
        shelf=asked.shelf,
        shown_in=asked.shown_in,
    )
    is_none = bool(asked.query) and not found.number and not asked.shelf and not asked.shown_in
    return Found(
        results=_results(found.hits, brand),
        number=found.number,
        shelves=_shelves(found, asked, brand, language),
        languages=_languages(found, asked, brand),
        also=other_words(found.query, asked.query, language) if found.number else (),
        often_opened=_often_opened(asked.query, found, brand, language)
        if found.number and asked.page == 1
        else (),
        suggested=_suggested(asked.query, brand, language) if is_none else "",
    )


def best_articles(query: str, *, brand: Brand, language: str, limit: int) -> list[Result]:
    """The best articles alone, for who asks with a program."""
    return _results(search(query, brand=brand, language=language, limit=limit, only=[NAME]).hits, brand)


def _results(hits: Sequence[Hit], brand: Brand) -> list[Result]:
    shown = Translation.objects.public().filter(
        article__brand=brand,
        article__in=[hit.object_id for hit in hits],
        language__in={hit.language for hit in hits},
    )
    shown = shown.listed().select_related("article__category")
    known = {(one.article_id, one.language): one for one in shown} if hits else {}
    found = [(hit, known.get((hit.object_id, hit.language))) for hit in hits]
    return [Result(hit, translation) for hit, translation in found if translation is not None]


def _shelves(found: Results, asked: Asked, brand: Brand, language: str) -> list[Choice]:
    """Only where there is a choice."""
    if len(found.shelves) < 2 and not asked.shelf:  # noqa: PLR2004 - one is no choice
        return []
    shelves = [one for one in Category.objects.filter(brand=brand) if one.key in found.shelves]
    return [
        Choice(one.key, one.name_in(language), found.shelves[one.key], one.key == asked.shelf)
        for one in shelves
    ]


def _languages(found: Results, asked: Asked, brand: Brand) -> list[Choice]:
    if len(found.languages) < 2 and not asked.shown_in:  # noqa: PLR2004 - one is no choice
        return []
    spoken = [one for one in brand.languages if one in found.languages]
    return [
        Choice(one, language_name(one), found.languages[one], one == asked.shown_in, html_lang(one))
        for one in spoken
    ]


def _often_opened(query: str, found: Results, brand: Brand, language: str) -> list[Translation]:
    """Only what is found by these words: others can say that they opened whatever they want to be seen."""
    ids = often_opened(brand=brand, query=query, most=OFTEN_OPENED, among=found.object_ids)
    if not ids:
        return []
    readable = Translation.objects.readable_in(brand, language).listed().filter(article__in=ids)
    return sorted(readable, key=lambda one: ids.index(one.article_id))


def _suggested(query: str, brand: Brand, language: str) -> str:
    """Words close to these that do find something; nothing if there are none."""
    other = suggestion(query, language)
    return (
        other if other and search(other, brand=brand, language=language, limit=1, only=[NAME]).number else ""
    )
