"""What the search index knows of articles: each translation that is stored, with where it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.urls import reverse
from django.utils.translation import override

from kefu.helpcentre.events import SEEN_BY_READERS
from kefu.helpcentre.models import Audience, Translation
from kefu.search.registry import Searchable, Source

NAME = "article"


def _load(article_ids: Iterable[int]) -> Iterator[Searchable]:
    shown = Translation.objects.shown().filter(article_id__in=article_ids)
    translations = shown.select_related("article__category")
    return (_searchable(translation) for translation in translations.defer("html", "source"))


def _ids() -> Iterable[int]:
    """Of those that are shown: what nobody reads would be looked at each minute, and never be in the index."""
    return Translation.objects.shown().values_list("article_id", flat=True).distinct()


def _readable(article_ids: Collection[int], audiences: Collection[str]) -> Iterable[tuple[int, str]]:
    shown = Translation.objects.shown().filter(article__in=article_ids, article__audience__in=audiences)
    return shown.values_list("article_id", "language")


def _searchable(translation: Translation) -> Searchable:
    article = translation.article
    page = "staff_articles:article" if article.audience == Audience.STAFF else "helpcentre:article"
    with override(translation.language):
        path = reverse(page, args=[article.slug])
    return Searchable(
        object_id=article.pk,
        brand_id=article.brand_id,
        language=translation.language,
        audience=article.audience,
        title=translation.title,
        path=path,
        label=article.category.name_in(translation.language),
        synonyms=tuple(translation.synonyms),
        shelf=article.category.key,
        # The summary says in a sentence what the page is about, as headings do.
        headings=(translation.summary, *(heading["title"] for heading in translation.contents)),
        body=f"{translation.summary}\n{translation.text}",
    )


ARTICLES = Source(name=NAME, load=_load, ids=_ids, readable=_readable, kinds=SEEN_BY_READERS)
