"""What the search index knows of articles: each translation that is stored, with where it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import override

from kefu.helpcentre.events import ArticlePublished
from kefu.helpcentre.models import Article, Translation
from kefu.search.registry import Searchable, Source

NAME = "article"


def _load(article_ids: Iterable[int]) -> Iterator[Searchable]:
    translations = Translation.objects.filter(article_id__in=article_ids).select_related("article__category")
    return (_searchable(translation) for translation in translations.defer("html", "source"))


def _ids() -> Iterable[int]:
    return Article.objects.values_list("pk", flat=True)


def _searchable(translation: Translation) -> Searchable:
    article = translation.article
    with override(translation.language):
        path = reverse("helpcentre:article", args=[article.slug])
    return Searchable(
        object_id=article.pk,
        brand_id=article.brand_id,
        language=translation.language,
        audience=article.audience,
        title=translation.title,
        path=path,
        label=article.category.name_in(translation.language),
        synonyms=tuple(translation.synonyms),
        headings=tuple(heading["title"] for heading in translation.contents),
        body=f"{translation.summary}\n{translation.text}",
    )


ARTICLES = Source(name=NAME, load=_load, ids=_ids, kinds=frozenset({ArticlePublished.kind}))
