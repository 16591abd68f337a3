"""Categories, articles and their translations: what customers read before they ask."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.timezone import now

from kefu.brands.models import Brand
from kefu.helpcentre.querysets import ArticleQuerySet, TranslationQuerySet
from kefu.safety.fields import PlainTextField


class Category(models.Model):
    """A shelf of articles. Its names are by language; `topic` is the chat's topic for who still has a question."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="categories")
    key = models.SlugField()
    names = models.JSONField(default=dict)
    icon = models.CharField(max_length=30, default="book")
    topic = models.SlugField(blank=True)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["brand", "key"], name="one_category_a_key")]

    def __str__(self) -> str:
        return self.key

    def name_in(self, language: str) -> str:
        return str(self.names.get(language) or next(iter(self.names.values()), self.key))


class Audience(models.TextChoices):
    """Who may read it: everybody, or staff only."""

    PUBLIC = "public"
    STAFF = "staff"


class Article(models.Model):
    """One question and its answer, in every language of the brand. Somebody owns it and looks at it again on a day."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="articles")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="articles")
    slug = models.SlugField(max_length=80)
    number = models.PositiveIntegerField()
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.PUBLIC)
    owners = models.JSONField(default=dict)
    review_on = models.DateField()
    # The key of the tool that does what the article explains, where there is one.
    tool = models.SlugField(null=True, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "slug"], name="one_article_a_slug"),
            models.UniqueConstraint(fields=["brand", "number"], name="one_article_a_number"),
        ]

    def __str__(self) -> str:
        return self.slug

    def owner_in(self, language: str) -> str:
        return str(self.owners.get(language) or next(iter(self.owners.values()), ""))


class Translation(models.Model):
    """An article in one language, written as an original; drawn once when it is stored, not for each reader."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=12)
    title = PlainTextField(max_length=120)
    summary = PlainTextField(max_length=300)
    synonyms = models.JSONField(default=list)
    source = PlainTextField()
    html = models.TextField()
    text = PlainTextField()
    contents: models.JSONField[Any, Any] = models.JSONField(default=list)
    minutes = models.PositiveSmallIntegerField(default=1)
    # What it was drawn from; the same digest need not be drawn again.
    digest = models.CharField(max_length=64)
    updated_at = models.DateTimeField(default=now)
    reviewed_on = models.DateField(null=True, blank=True)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        ordering = ["article_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="one_translation_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.language}"
