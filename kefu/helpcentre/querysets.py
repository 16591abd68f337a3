from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from kefu.search.registry import PUBLIC

if TYPE_CHECKING:
    from kefu.brands.models import Brand
    from kefu.helpcentre.models import Article, Category, Fact, Feedback, Revision, Translation  # noqa: F401 - named in the classes below


class ArticleQuerySet(models.QuerySet["Article"]):
    def public(self) -> Self:
        return self.filter(audience=PUBLIC)

    def of_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)

    def overdue(self, today: date) -> Self:
        """Somebody should have looked at it again by now; of what nobody reads nobody needs to."""
        return self.due(today).filter(review_on__lt=today)

    def due(self, today: date) -> Self:
        """The day of review has come, today or before."""
        shown = self.filter(translations__published__isnull=False, translations__archived_at=None)
        return shown.filter(review_on__lte=today).distinct()


class CategoryQuerySet(models.QuerySet["Category"]):
    def in_use(self) -> Self:
        """Those on which articles may stand."""
        return self.filter(archived_at=None)


class TranslationQuerySet(models.QuerySet["Translation"]):
    def shown(self) -> Self:
        """Published and not archived, whoever may read it."""
        return self.filter(published__isnull=False, archived_at__isnull=True)

    def public(self) -> Self:
        return self.shown().filter(article__audience=PUBLIC)

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

    def locked(self) -> Self:
        return self.select_for_update(of=("self",))


class RevisionQuerySet(models.QuerySet["Revision"]):
    def open(self) -> Self:
        """On their way to readers."""
        return self.filter(state__in=("draft", "review", "scheduled"))

    def listed(self) -> Self:
        return self.defer("source", "synonyms", "summary")


class FactQuerySet(models.QuerySet["Fact"]):
    def as_mapping(self) -> Mapping[str, Any]:
        """By whole key, as `facts.fact` looks them up."""
        return dict(self.values_list("key", "value"))


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def of_brand(self, brand: Brand) -> Self:
        return self.filter(translation__article__brand=brand)

    def counted(self) -> Self:
        return self.filter(is_counted=True)

    def telling(self) -> Self:
        """With more than a verdict: words, or a reason."""
        return self.exclude(words="", reason="")
