"""Categories, articles and their translations: what customers read before they ask."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.timezone import now

from kefu.accounts.models import Agent
from kefu.brands.models import Brand
from kefu.cases.models import IssueType
from kefu.helpcentre.nouns.article_revision import ArticleRevision
from kefu.helpcentre.nouns.fact import Fact, FactRevision
from kefu.helpcentre.nouns.feedback import Feedback, Reason, Verdict
from kefu.helpcentre.nouns.old_address import FormerSlug, OldAddress
from kefu.helpcentre.nouns.picture import Picture
from kefu.helpcentre.nouns.presence import Presence
from kefu.helpcentre.nouns.reading import ReadingDay
from kefu.helpcentre.nouns.revision import LONGEST_NOTE, Revision, Size, State
from kefu.helpcentre.nouns.searching import OpenedFromSearch, SearchDay
from kefu.helpcentre.nouns.shelf_revision import ShelfRevision
from kefu.helpcentre.querysets import ArticleQuerySet, CategoryQuerySet, TranslationQuerySet
from kefu.helpcentre.text import LONGEST_SUMMARY, LONGEST_TITLE
from kefu.safety.fields import PlainTextField

__all__ = [
    "ISSUE_TYPES",
    "LONGEST_NOTE",
    "NO_ISSUE_TYPE",
    "Article",
    "ArticleRevision",
    "Audience",
    "Category",
    "Fact",
    "FactRevision",
    "Feedback",
    "FormerSlug",
    "OldAddress",
    "OpenedFromSearch",
    "Picture",
    "Presence",
    "ReadingDay",
    "Reason",
    "Revision",
    "SearchDay",
    "ShelfRevision",
    "Size",
    "State",
    "Translation",
    "Verdict",
]


class Category(models.Model):
    """A shelf of articles. Its names are by language; `topic` is the chat's topic for who still has a question."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="categories")
    key = models.SlugField()
    names = models.JSONField(default=dict)
    icon = models.CharField(max_length=30, default="book")
    topic = models.SlugField(blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    # Nothing stands on it any more; its address leads to the shelf that took its articles.
    archived_at = models.DateTimeField(null=True, blank=True)
    moved_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # As the folder said it last; what differs from that was changed here.
    imported: models.JSONField[Any, Any] = models.JSONField(default=dict)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["brand", "key"], name="one_category_a_key")]

    def __str__(self) -> str:
        return self.key

    def name_in(self, language: str) -> str:
        return str(self.names.get(language) or next(iter(self.names.values()), self.key))

    def said(self) -> dict[str, Any]:
        """What a folder may say of it, as it is now."""
        return {"names": self.names, "icon": self.icon, "topic": self.topic, "place": self.place}


class Audience(models.TextChoices):
    """Who may read it: everybody, or staff only."""

    PUBLIC = "public"
    STAFF = "staff"


NO_ISSUE_TYPE = "none"
ISSUE_TYPES = ("", NO_ISSUE_TYPE, *IssueType.values)


class Article(models.Model):
    """One question and its answer, in every language of the brand. Somebody owns it and looks at it again on a day."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="articles")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="articles")
    slug = models.SlugField(max_length=80)
    number = models.PositiveIntegerField()
    # What a program that writes it calls it.
    external_id = models.CharField(max_length=100, null=True, blank=True)
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.PUBLIC)
    # Who answers for it, as readers are told, by language; and who of us is reminded.
    owners = models.JSONField(default=dict)
    owner = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles"
    )
    review_on = models.DateField()
    # The day of review that its owner was reminded of.
    reminded_of = models.DateField(null=True, blank=True)
    # The key of the tool that does what the article explains, where there is one.
    tool = models.SlugField(null=True, blank=True)
    # What its readers come with who still need help: a key of cases, NO_ISSUE_TYPE if none fits, "" while nobody has said.
    issue_type = models.CharField(max_length=40, blank=True)
    # The frame as the folder said it last; what differs from that was changed here.
    imported: models.JSONField[Any, Any] = models.JSONField(default=dict)
    # The same of a program, by field.
    sent: models.JSONField[Any, Any] = models.JSONField(default=dict)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "slug"], name="one_article_a_slug"),
            models.UniqueConstraint(fields=["brand", "number"], name="one_article_a_number"),
            models.UniqueConstraint(fields=["brand", "external_id"], name="one_article_an_external_id"),
        ]

    def __str__(self) -> str:
        return self.slug

    def owner_in(self, language: str) -> str:
        return str(self.owners.get(language) or next(iter(self.owners.values()), ""))


class Translation(models.Model):
    """An article in one language, written as an original. Its words are those of the published revision, drawn once when
    it is published and not for each reader; before that they are empty. Of what is archived nobody reads anything.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=12)
    # The number of the revision that readers see, and the newest one that there is.
    published = models.PositiveIntegerField(null=True, blank=True)
    newest = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)
    title = PlainTextField(max_length=LONGEST_TITLE)
    summary = PlainTextField(max_length=LONGEST_SUMMARY)
    synonyms = models.JSONField(default=list)
    source = PlainTextField()
    html = models.TextField()
    text = PlainTextField()
    contents: models.JSONField[Any, Any] = models.JSONField(default=list)
    minutes = models.PositiveSmallIntegerField(default=1)
    # What it was drawn from; the same digest need not be drawn again.
    digest = models.CharField(max_length=64)
    # The renderer's VERSION then; what another one drew is drawn anew when a folder comes in.
    renderer = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(default=now)
    # The day that a folder's file gave, which is the same wherever it is read; the moment is then only for the order.
    updated_on = models.DateField(null=True, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    # What the folder's file was when it came in last, and the revision that it became.
    imported_hash = models.CharField(max_length=64, blank=True)
    imported_as = models.PositiveIntegerField(null=True, blank=True)
    # The revision that a program sent last.
    sent_as = models.PositiveIntegerField(null=True, blank=True)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        ordering = ["article_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="one_translation_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.language}"

    @property
    def updated(self) -> date | datetime:
        """As it is told: a day where a day is all that is known."""
        return self.updated_on or self.updated_at

    @property
    def is_shown(self) -> bool:
        return self.published is not None and self.archived_at is None
