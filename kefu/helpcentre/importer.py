"""Articles from a folder: one folder an article, one Markdown file a language, TOML in front.

    categories.toml                 [[category]] key, icon, topic, names
    facts.toml                      figures, quoted in the texts as {{ facts.limits.daily }}
    articles/<slug>/article.toml    number, category, audience, review_on, owners, tool
    articles/<slug>/<language>.md   +++ title, summary, synonyms, updated_on, reviewed_on +++ and the text

Importing again changes what has changed. Everything is read and drawn before the first row is written, and each article has a
short transaction of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from django.db import transaction
from django.utils.timezone import now

from kefu.brands.models import Brand
from kefu.helpcentre.events import ArticlePublished
from kefu.helpcentre.folder import ArticleFile, CategoryFile, Folder, TranslationFile, read_folder
from kefu.helpcentre.models import Article, Category, Translation
from kefu.journal.actions import record
from kefu.journal.actor import Actor


@dataclass(frozen=True)
class StoredCategory:
    """A category as it is now; its articles are found under its name, so a new name publishes them anew."""

    category: Category
    is_changed: bool


@dataclass(frozen=True)
class Imported:
    """How many articles were written and how many were as they are already."""

    written: int
    unchanged: int


def import_articles(folder: Path, *, brand: Brand, by: Actor) -> Imported:
    """Bring a brand's categories and articles to what the folder says.

    Raises BadFolder with what to mend before anything is changed.
    """
    found = read_folder(folder, languages=brand.languages, known=_slugs(brand))
    shelves = _store_categories(found, brand)
    written = sum(
        _store_article(article, brand=brand, shelf=shelves[article.category], by=by)
        for article in found.articles
    )
    return Imported(written, len(found.articles) - written)


def _slugs(brand: Brand) -> frozenset[str]:
    return frozenset(Article.objects.of_brand(brand).values_list("slug", flat=True))


def _store_categories(folder: Folder, brand: Brand) -> dict[str, StoredCategory]:
    with transaction.atomic():
        return {one.key: _store_category(one, place, brand) for place, one in enumerate(folder.categories)}


def _store_category(found: CategoryFile, place: int, brand: Brand) -> StoredCategory:
    values = {"names": found.names, "icon": found.icon, "topic": found.topic, "place": place}
    before = Category.objects.filter(brand=brand, key=found.key).first()
    category, _ = Category.objects.update_or_create(brand=brand, key=found.key, defaults=values)
    return StoredCategory(category, is_changed=before is None or before.names != found.names)


@transaction.atomic
def _store_article(found: ArticleFile, *, brand: Brand, shelf: StoredCategory, by: Actor) -> bool:
    """Write one article with its translations; gives whether anything that readers see was different."""
    values = {
        "category": shelf.category,
        "number": found.number,
        "audience": found.audience,
        "owners": found.owners,
        "review_on": found.review_on,
        "tool": found.tool,
    }
    before = Article.objects.of_brand(brand).filter(slug=found.slug).first()
    is_changed = before is None or any(getattr(before, name) != value for name, value in values.items())
    article = before
    if article is None or is_changed:
        article, _ = Article.objects.update_or_create(brand=brand, slug=found.slug, defaults=values)
    is_rewritten = _store_translations(article, found.translations)
    if is_changed or is_rewritten or shelf.is_changed:
        record(ArticlePublished(actor=by, brand_id=brand.pk, subject_id=article.pk))
        return True
    return False


def _store_translations(article: Article, translations: Sequence[TranslationFile]) -> bool:
    digests = dict(article.translations.values_list("language", "digest"))
    gone = set(digests) - {one.language for one in translations}
    article.translations.filter(language__in=gone).delete()
    changed = [one for one in translations if digests.get(one.language) != one.digest]
    for one in changed:
        Translation.objects.update_or_create(article=article, language=one.language, defaults=_values(one))
    return bool(gone or changed)


def _values(found: TranslationFile) -> dict[str, object]:
    return {
        "title": found.title,
        "summary": found.summary,
        "synonyms": list(found.synonyms),
        "source": found.source,
        "html": found.rendered.html,
        "text": found.rendered.text,
        "contents": [{"id": one.id, "title": one.title} for one in found.rendered.contents],
        "minutes": found.rendered.minutes,
        "digest": found.digest,
        "reviewed_on": found.reviewed_on,
        "updated_at": datetime.combine(found.updated_on, time(12), UTC) if found.updated_on else now(),
    }
