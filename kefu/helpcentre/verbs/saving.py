"""Writing: a new article, a draft, sending it to review and back. No draft is ever overwritten: each save is a revision."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from kefu.accounts.policy import May
from kefu.brands.models import Brand
from kefu.helpcentre.drawing import Drawings
from kefu.helpcentre.events import ArticleAdded, ArticleSaved, ArticleSentBack, ArticleSentToReview
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.locks import lock_brand, locked, locked_revision
from kefu.helpcentre.models import Article, Category, FormerSlug, Revision, State, Translation
from kefu.helpcentre.permission import Author, require_author
from kefu.helpcentre.text import Text
from kefu.journal.actions import record
from kefu.journal.actor import Actor

# Folders number their articles from one, and go on doing so beside what is written here.
LAST_OF_FOLDERS = 1000


class SavedMeanwhile(Exception):
    """Somebody saved a revision after the one that this text was written on; `newest` is theirs."""

    def __init__(self, newest: Revision) -> None:
        super().__init__(f"{newest} is newer")
        self.newest = newest


class SlugTaken(ValueError):
    """Another article of the brand is, or was, found at this address."""


class NumberTaken(ValueError):
    """Another article of the brand has this place in lists."""


class ShelfGone(ValueError):
    """The shelf was archived; nothing is put on it."""


class NotOpen(ValueError):
    """This revision is published or superseded, or its article was archived, so it can't be sent anywhere."""


@transaction.atomic
def add_article(*, brand: Brand, frame: Frame, by: Author) -> Article:
    """An article without a word yet, in every language of the brand.

    Raises Refused, ShelfGone, SlugTaken, NumberTaken.
    """
    actor = require_author(by, May.EDIT_ARTICLES, brand.pk)
    lock_brand(brand.pk)
    require_shelf_in_use(frame.category)
    require_free_slug(brand, frame.slug)
    last = Article.objects.of_brand(brand).aggregate(last=Max("number"))["last"] or 0
    number = frame.number or max(last, LAST_OF_FOLDERS) + 1
    require_free_number(brand, number)
    article = Article.objects.create(brand=brand, number=number, **frame.values())
    Translation.objects.bulk_create(
        Translation(article=article, language=language) for language in brand.languages
    )
    record(ArticleAdded(actor=actor, brand_id=brand.pk, subject_id=article.pk))
    return article


def require_shelf_in_use(shelf: Category) -> None:
    """Asked while the brand is locked, under which shelves are archived. Raises ShelfGone."""
    if not Category.objects.in_use().filter(pk=shelf.pk).exists():
        raise ShelfGone


def require_free_slug(brand: Brand, slug: str, article: Article | None = None) -> None:
    """Raises SlugTaken; an article may take back a name that it had itself."""
    own = article.pk if article else 0
    others = Article.objects.of_brand(brand).exclude(pk=own)
    former = FormerSlug.objects.filter(brand=brand, slug=slug).exclude(article=own)
    if others.filter(slug=slug).exists() or former.exists():
        raise SlugTaken


def require_free_number(brand: Brand, number: int, article: Article | None = None) -> None:
    """Raises NumberTaken."""
    own = article.pk if article else 0
    if Article.objects.of_brand(brand).exclude(pk=own).filter(number=number).exists():
        raise NumberTaken


@transaction.atomic
def save_draft(
    *,
    translation: Translation,
    text: Text,
    by: Author,
    based_on: int,
    note: str = "",
    of_source: int | None = None,
    drawings: Drawings | None = None,
) -> Revision:
    """A new revision. `based_on` is the number of the one that was changed, 0 for none.

    The text must be one that could be shown. Without `of_source` it answers the source that the one before answered.
    Raises Refused, SavedMeanwhile, or Problem with a sentence for the author.
    """
    actor = require_author(by, May.EDIT_ARTICLES, translation.article.brand_id)
    translation = locked(translation)
    newest = translation.newest
    if newest is not None and newest.number != based_on:
        raise SavedMeanwhile(newest)
    require_drawable(translation, text, drawings)
    if newest is not None:
        of_source = newest.of_source if of_source is None else of_source
        as_it_is = (newest.state, newest.text, newest.note, newest.of_source)
        if as_it_is == (State.DRAFT, text, note, of_source):
            return newest
    return write_revision(translation, text, actor=actor, note=note, of_source=of_source)


def require_drawable(translation: Translation, text: Text, drawings: Drawings | None = None) -> None:
    """Raises Problem."""
    article = translation.article
    today = Drawings.today(article.brand, drawings)
    today.of(text, language=translation.language, audience=article.audience)


def write_revision(
    translation: Translation,
    text: Text,
    *,
    actor: Actor,
    note: str = "",
    of_source: int | None = None,
    is_told: bool = True,
) -> Revision:
    """The next revision, a draft; the caller holds the lock. What is scheduled stays so beside it."""
    newest = translation.newest
    translation.revisions.filter(state__in=(State.DRAFT, State.REVIEW)).update(state=State.SUPERSEDED)
    revision = Revision.objects.create(
        translation=translation,
        number=newest.number + 1 if newest else 1,
        title=text.title,
        summary=text.summary,
        synonyms=list(text.synonyms),
        source=text.source,
        note=note,
        of_source=of_source,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    translation.newest = revision
    translation.save(update_fields=["newest"])
    if is_told:
        record(_about(ArticleSaved, revision, actor))
    return revision


@transaction.atomic
def send_to_review(*, revision: Revision, by: Author) -> Revision:
    """Whoever may publish finds it in their list. Raises Refused, SavedMeanwhile, NotOpen."""
    actor = require_author(by, May.EDIT_ARTICLES, revision.translation.article.brand_id)
    revision = locked_revision(revision)
    if revision.state == State.REVIEW:
        return revision
    newest = revision.translation.newest
    if newest is not None and newest.number > revision.number:
        raise SavedMeanwhile(newest)
    if revision.state != State.DRAFT:
        raise NotOpen
    _move(revision, State.REVIEW)
    record(_about(ArticleSentToReview, revision, actor))
    return revision


@transaction.atomic
def send_back(*, revision: Revision, by: Author) -> Revision:
    """A draft again, from review or from the schedule. Raises Refused, NotOpen."""
    revision = locked_revision(revision)
    verb = May.PUBLISH_ARTICLES if revision.state == State.SCHEDULED else May.EDIT_ARTICLES
    actor = require_author(by, verb, revision.translation.article.brand_id)
    if revision.state == State.DRAFT:
        return revision
    if not revision.is_open:
        raise NotOpen
    is_newest = revision.translation.newest_id == revision.pk
    _move(revision, State.DRAFT if is_newest else State.SUPERSEDED)
    record(_about(ArticleSentBack, revision, actor))
    return revision


def _move(revision: Revision, state: State) -> None:
    revision.state, revision.publish_at = state, None
    revision.save(update_fields=["state", "publish_at"])


def _about(
    event: type[ArticleSaved | ArticleSentToReview | ArticleSentBack], revision: Revision, actor: Actor
) -> ArticleSaved | ArticleSentToReview | ArticleSentBack:
    article = revision.translation.article
    return event(actor=actor, brand_id=article.brand_id, subject_id=article.pk, revision_id=revision.pk)
