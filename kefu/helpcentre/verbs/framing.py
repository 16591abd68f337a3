"""The frame of an article is changed: shelf, address, audience, owner. A text that was read is said to be still right."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from kefu.accounts.policy import May
from kefu.helpcentre.drawing import Drawings, Surroundings, Target
from kefu.helpcentre.events import ArticleChanged, ArticleNamedOutside, ArticlePublished, ArticleReviewed
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.locks import lock_brand
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import Article, ArticleRevision, FormerSlug, Revision, State, Translation
from kefu.helpcentre.permission import Author, require_author
from kefu.helpcentre.showing import draw_anew, draw_ready
from kefu.helpcentre.verbs.saving import require_free_number, require_free_slug, require_shelf_in_use
from kefu.journal.actions import record
from kefu.journal.revisions import require_unchanged


class NamedOtherwise(ValueError):
    """The article has another name outside already, or another article has this one."""


def change_frame(*, article: Article, frame: Frame, by: Author, seen: int | None = None) -> Article:
    """What readers see of it changes at once, so of a published article this is publishing. Its address and its audience are
    decided by who may publish as soon as a text was ever published or is scheduled: it may come back, or come by itself.

    The old address leads to the new one, and what links here is drawn anew. Raises Refused, ShelfGone, SlugTaken,
    NumberTaken, ChangedMeanwhile, or Problem when a public text links to what only staff may read from now on.
    """
    require_author(by, May.EDIT_ARTICLES, article.brand_id)
    return _change_frame(article=article, frame=frame, by=by, seen=seen, ready=_drawn_before(article, frame))


def _drawn_before(article: Article, frame: Frame) -> Drawings | None:
    """What links here, as it is to be seen under the new address, while nobody waits; nothing where it can't be drawn."""
    if (frame.slug, frame.audience) == (article.slug, article.audience):
        return None
    surroundings, names = Surroundings.of(article.brand), _names(article)
    target = Target(frame.slug, frame.audience)
    coming = surroundings.with_more(facts={}, targets=dict.fromkeys([*names, frame.slug], target))
    ready = Drawings(coming)
    try:
        draw_ready(_linking_to(names | {frame.slug}, article), drawings=ready)
    except Problem:
        return None
    return ready


@transaction.atomic
def _change_frame(
    *, article: Article, frame: Frame, by: Author, seen: int | None, ready: Drawings | None
) -> Article:
    brand = lock_brand(article.brand_id)
    article = (
        Article.objects.select_for_update(of=("self",)).select_related("category", "owner").get(pk=article.pk)
    )
    is_shown = article.translations.shown().exists()
    is_publishing = is_shown or (
        (frame.slug, frame.audience) != (article.slug, article.audience) and is_bound_for_readers(article)
    )
    actor = require_author(by, May.PUBLISH_ARTICLES if is_publishing else May.EDIT_ARTICLES, brand.pk)
    require_unchanged(ArticleRevision.objects.filter(article=article), seen)
    before, after = Frame.of(article).written(), frame.written() | {"number": frame.number or article.number}
    if before == after:
        return article
    if before["category"] != after["category"]:
        require_shelf_in_use(frame.category)
    require_free_slug(brand, frame.slug, article)
    require_free_number(brand, after["number"], article)
    if frame.slug != article.slug:
        FormerSlug.objects.filter(brand=brand, slug=frame.slug).delete()
        keep_former_slug(article)
    for name, value in {**frame.values(), "number": after["number"]}.items():
        setattr(article, name, value)
    article.save(update_fields=[*frame.values(), "number"])
    revision = ArticleRevision.objects.create(
        article=article, actor_kind=actor.kind, actor_id=actor.id, before=before, after=after
    )
    record(ArticleChanged(actor=actor, brand_id=brand.pk, subject_id=article.pk, revision_id=revision.pk))
    if before["slug"] != after["slug"] or before["audience"] != after["audience"]:
        named = _linking_to(_names(article), article)
        own = list(article.translations.shown())
        draw_anew([*own, *named], brand=brand, actor=actor, kept={article.pk}, ready=ready)
    # A change of what nobody reads is told to nobody.
    if is_shown:
        record(ArticlePublished(actor=actor, brand_id=brand.pk, subject_id=article.pk))
    return article


def keep_former_slug(article: Article) -> None:
    """Links by the name that it has now go on to lead to it; the caller renames it and holds the brand's lock."""
    FormerSlug.objects.update_or_create(brand=article.brand, slug=article.slug, defaults={"article": article})


def is_bound_for_readers(article: Article) -> bool:
    """Whether readers have seen a text of it, or one comes to them by itself."""
    revisions = Revision.objects.filter(translation__article=article)
    return revisions.filter(Q(published_at__isnull=False) | Q(state=State.SCHEDULED)).exists()


def _names(article: Article) -> set[str]:
    return {article.slug, *article.former_slugs.values_list("slug", flat=True)}


def _linking_to(slugs: set[str], article: Article) -> list[Translation]:
    """Published texts that link to it by one of its names."""
    named = Q()
    for slug in slugs:
        named |= Q(source__contains=f"article:{slug}")
    found = Revision.objects.filter(named, state=State.PUBLISHED).values("translation")
    texts = Translation.objects.shown().filter(pk__in=found, article__brand=article.brand)
    return list(texts.exclude(article=article).select_related("article"))


@transaction.atomic
def name_outside(*, article: Article, external_id: str, by: Author) -> Article:
    """What a program that writes it calls it; readers see nothing of that. Raises Refused, NamedOtherwise."""
    actor = require_author(by, May.EDIT_ARTICLES, article.brand_id)
    lock_brand(article.brand_id)
    article = (
        Article.objects.select_for_update(of=("self",)).select_related("category", "owner").get(pk=article.pk)
    )
    if article.external_id == external_id:
        return article
    others = Article.objects.filter(brand=article.brand_id, external_id=external_id)
    if article.external_id is not None or others.exists():
        raise NamedOtherwise
    article.external_id = external_id
    article.save(update_fields=["external_id"])
    record(ArticleNamedOutside(actor=actor, brand_id=article.brand_id, subject_id=article.pk))
    return article


@transaction.atomic
def say_it_is_right(*, article: Article, review_on: date, by: Author) -> Article:
    """Somebody read it today and it still holds; the next look is due on that day. Raises Refused."""
    actor = require_author(by, May.EDIT_ARTICLES, article.brand_id)
    lock_brand(article.brand_id)
    article = Article.objects.select_for_update().get(pk=article.pk)
    article.review_on, article.reminded_of = review_on, None
    article.save(update_fields=["review_on", "reminded_of"])
    article.translations.shown().update(reviewed_on=localdate())
    record(ArticleReviewed(actor=actor, brand_id=article.brand_id, subject_id=article.pk))
    if article.translations.shown().exists():
        record(ArticlePublished(actor=actor, brand_id=article.brand_id, subject_id=article.pk))
    return article
