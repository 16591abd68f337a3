"""Articles as steps of what a customer read before they asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import override

from kefu.brands.models import Brand
from kefu.conversations.trails import Page, PageKind
from kefu.helpcentre.models import Article, Translation

KIND = "article"


def _find(brand: Brand, slugs: Collection[str]) -> Mapping[str, int]:
    return dict(Article.objects.public().of_brand(brand).filter(slug__in=slugs).values_list("slug", "pk"))


def _draw(article_ids: Collection[int], language: str) -> Mapping[int, Page]:
    """In the language that is asked for; in another where there is none."""
    translations = Translation.objects.public().listed().filter(article__in=article_ids)
    pages: dict[int, Page] = {}
    for one in translations.select_related("article").order_by("article_id", "pk"):
        if one.language == language or one.article_id not in pages:
            pages[one.article_id] = Page(one.title, _path(one))
    return pages


def _path(translation: Translation) -> str:
    with override(translation.language):
        return reverse("helpcentre:article", args=[translation.article.slug])


ARTICLE_PAGES = PageKind(find=_find, draw=_draw)
