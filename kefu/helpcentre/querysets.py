from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from kefu.search.registry import PUBLIC

if TYPE_CHECKING:
    from kefu.brands.models import Brand
    from kefu.helpcentre.models import Article, Translation  # noqa: F401 - named in the classes below


class ArticleQuerySet(models.QuerySet["Article"]):
    def public(self) -> Self:
        return self.filter(audience=PUBLIC)

    def of_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)


class TranslationQuerySet(models.QuerySet["Translation"]):
    def public(self) -> Self:
        return self.filter(article__audience=PUBLIC)

    def readable_in(self, brand: Brand, language: str) -> Self:
        """What everybody may read of this brand in this language, with its article and category, in the articles' order."""
        return (
            self.public()
            .filter(article__brand=brand, language=language)
            .select_related("article", "article__category")
            .order_by("article__category__place", "article__category", "article__number")
        )

    def listed(self) -> Self:
        """Without the long texts, for lists."""
        return self.defer("source", "html", "text", "contents")
