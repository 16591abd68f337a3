"""Shelves, on which articles stand: added, changed, put in order, emptied, archived, brought back.

All of it is seen by readers at once, so it takes who may publish. A shelf's key is its address and never changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.timezone import now

from kefu.accounts.policy import May
from kefu.brands.models import Brand
from kefu.helpcentre.events import (
    ArticlePublished,
    ShelfAdded,
    ShelfArchived,
    ShelfBroughtBack,
    ShelfChanged,
)
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.locks import lock_brand
from kefu.helpcentre.models import Article, Category, ShelfRevision
from kefu.helpcentre.permission import Author, require_author
from kefu.helpcentre.verbs.framing import change_frame
from kefu.helpcentre.verbs.saving import ShelfGone
from kefu.journal.actions import record
from kefu.journal.actor import Actor
from kefu.journal.revisions import require_unchanged

Happened = type[ShelfAdded | ShelfArchived | ShelfBroughtBack | ShelfChanged]


class ShelfKeyTaken(ValueError):
    """Another shelf of the brand has, or had, this key."""


class ShelfInUse(ValueError):
    """Articles stand on it, be they published, drafts or archived."""


@dataclass(frozen=True, kw_only=True)
class ShelfText:
    """What is said of a shelf: names by language, its icon, and the chat's topic for who still has a question."""

    names: Mapping[str, str]
    icon: str = "book"
    topic: str = ""


@transaction.atomic
def add_shelf(*, brand: Brand, key: str, text: ShelfText, by: Author) -> Category:
    """At the end of the list. Raises Refused, ShelfKeyTaken."""
    actor = require_author(by, May.PUBLISH_ARTICLES, brand.pk)
    lock_brand(brand.pk)
    last = Category.objects.filter(brand=brand).aggregate(last=Max("place"))["last"]
    shelf = Category(brand=brand, key=key, place=0 if last is None else last + 1, **asdict(text))
    try:
        with transaction.atomic():
            shelf.save()
    except IntegrityError:
        raise ShelfKeyTaken from None
    write_shelf_down(ShelfAdded, shelf, actor, before={})
    return shelf


@transaction.atomic
def change_shelf(*, shelf: Category, text: ShelfText, by: Author, seen: int | None = None) -> Category:
    """Raises Refused, ChangedMeanwhile."""
    actor = require_author(by, May.PUBLISH_ARTICLES, shelf.brand_id)
    shelf = _locked(shelf)
    require_unchanged(ShelfRevision.objects.filter(shelf=shelf), seen)
    is_renamed = shelf.names != text.names
    if change_values(shelf, asdict(text), ShelfChanged, actor) and is_renamed:
        tell_of_articles(shelf, actor)
    return shelf


@transaction.atomic
def order_shelves(*, brand: Brand, shelves: Sequence[Category], by: Author) -> None:
    """Show these of the brand in this order. Raises Refused."""
    actor = require_author(by, May.PUBLISH_ARTICLES, brand.pk)
    lock_brand(brand.pk)
    places = {shelf.pk: place for place, shelf in enumerate(shelves)}
    for shelf in Category.objects.filter(brand=brand, pk__in=places).order_by("pk"):
        change_values(shelf, {"place": places[shelf.pk]}, ShelfChanged, actor)


def clear_shelf(*, shelf: Category, to: Category, by: Author) -> int:
    """Move all of its articles, each in a short transaction of its own; gives how many. Raises Refused, ShelfGone."""
    require_author(by, May.PUBLISH_ARTICLES, shelf.brand_id)
    return sum(_move(pk, shelf, to, by) for pk in list(shelf.articles.values_list("pk", flat=True)))


@transaction.atomic
def _move(article_id: int, shelf: Category, to: Category, by: Author) -> bool:
    """Read when nobody else can change it, for the whole frame is written; somebody may have moved it already."""
    lock_brand(shelf.brand_id)
    article = shelf.articles.select_related("brand", "category", "owner").filter(pk=article_id).first()
    if article is None:
        return False
    change_frame(article=article, frame=replace(Frame.of(article), category=to), by=by)
    return True


@transaction.atomic
def archive_shelf(*, shelf: Category, by: Author, moved_to: Category | None = None) -> Category:
    """Nothing can be put on it any more; its address leads to `moved_to`. Raises Refused, ShelfInUse, ShelfGone."""
    actor = require_author(by, May.PUBLISH_ARTICLES, shelf.brand_id)
    shelf = _locked(shelf)
    if shelf.archived_at is not None:
        return shelf
    if shelf.articles.exists():
        raise ShelfInUse
    if moved_to is not None and _locked(moved_to).archived_at is not None:
        raise ShelfGone
    change_values(shelf, {"archived_at": now(), "moved_to": moved_to}, ShelfArchived, actor)
    return shelf


@transaction.atomic
def bring_back_shelf(*, shelf: Category, by: Author) -> Category:
    """Articles can be put on it again. Raises Refused."""
    actor = require_author(by, May.PUBLISH_ARTICLES, shelf.brand_id)
    shelf = _locked(shelf)
    change_values(shelf, {"archived_at": None, "moved_to": None}, ShelfBroughtBack, actor)
    return shelf


def written(shelf: Category) -> dict[str, Any]:
    """All that is said of it, as values for a revision."""
    return shelf.said() | {"is_archived": shelf.archived_at is not None}


def tell_of_articles(shelf: Category, actor: Actor) -> list[int]:
    """Articles are found under their shelf's name, so those that are read are told of when it changes; gives their ids."""
    shown = shelf.articles.filter(translations__published__isnull=False, translations__archived_at=None)
    found = Article.objects.filter(pk__in=shown.values("pk")).order_by("pk").values_list("pk", flat=True)
    for pk in found:
        record(ArticlePublished(actor=actor, brand_id=shelf.brand_id, subject_id=pk))
    return list(found)


def _locked(shelf: Category) -> Category:
    """As it is now; whatever is done to shelves or put on one waits for the brand."""
    lock_brand(shelf.brand_id)
    return Category.objects.select_related("brand").get(pk=shelf.pk)


def change_values(shelf: Category, values: Mapping[str, Any], happened: Happened, actor: Actor) -> bool:
    """Whether anything of it is otherwise now, and so written down; the caller has asked, and holds the brand's lock."""
    before = written(shelf)
    for name, value in values.items():
        setattr(shelf, name, value)
    if written(shelf) == before:
        return False
    shelf.save(update_fields=list(values))
    write_shelf_down(happened, shelf, actor, before=before)
    return True


def write_shelf_down(happened: Happened, shelf: Category, actor: Actor, *, before: dict[str, Any]) -> None:
    revision = ShelfRevision.objects.create(
        brand_id=shelf.brand_id,
        shelf=shelf,
        actor_kind=actor.kind,
        actor_id=actor.id,
        before=before,
        after=written(shelf),
    )
    record(happened(actor=actor, brand_id=shelf.brand_id, subject_id=shelf.pk, revision_id=revision.pk))
