from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef

from kefu.search.registry import PUBLIC

if TYPE_CHECKING:
    from kefu.brands.models import Brand
    from kefu.helpcentre.models import Article, Category, Translation


class CategoryQuerySet(models.QuerySet["Category"]):
    def with_articles(self) -> CategoryQuerySet:
        """Those that have something for everybody to read."""
        articles = self.model._meta.get_field("articles").related_model
        return self.filter(Exists(articles.objects.public().filter(category=OuterRef("pk"))))  # type: ignore[union-attr]


class ArticleQuerySet(models.QuerySet["Article"]):
    def public(self) -> ArticleQuerySet:
        return self.filter(audience=PUBLIC)

    def of_brand(self, brand: Brand) -> ArticleQuerySet:
        return self.filter(brand=brand)


class TranslationQuerySet(models.QuerySet["Translation"]):
    def public(self) -> TranslationQuerySet:
        return self.filter(article__audience=PUBLIC)

    def readable_in(self, brand: Brand, language: str) -> TranslationQuerySet:
        """What everybody may read of this brand in this language, with its article and category, in the articles' order."""
        return (
            self.public()
            .filter(article__brand=brand, language=language)
            .select_related("article", "article__category")
            .order_by("article__category__place", "article__category", "article__number")
        )

    def listed(self) -> TranslationQuerySet:
        """Without the long texts, for lists."""
        return self.defer("source", "html", "text", "contents")
