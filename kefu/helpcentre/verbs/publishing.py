"""Publishing now or at a moment to come, archiving, and bringing back."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from kefu.accounts.policy import May
from kefu.background.tasks import enqueue, task
from kefu.helpcentre.drawing import Drawings
from kefu.helpcentre.events import ArticleArchived, ArticleBroughtBack, ArticlePublished, ArticleScheduled
from kefu.helpcentre.locks import lock_brand, locked, locked_revision
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import Article, Revision, Size, State, Translation
from kefu.helpcentre.permission import Author, require_author
from kefu.helpcentre.showing import draw_anew, show
from kefu.helpcentre.verbs.missed import give_back, still_scheduled
from kefu.helpcentre.verbs.saving import NotOpen, write_revision
from kefu.journal.actions import record
from kefu.journal.actor import SYSTEM, Actor, agent_actor

log = logging.getLogger("kefu.helpcentre")


class InThePast(ValueError):
    """A text is scheduled for a moment to come."""


@transaction.atomic
def publish(
    *, revision: Revision, by: Author, size: Size = Size.MEDIUM, drawings: Drawings | None = None
) -> Revision:
    """Readers see it from now on, also if the article was archived; but not if that was since the caller read the revision.

    Raises Refused, NotOpen, or Problem with a sentence for the author.
    """
    actor = require_author(by, May.PUBLISH_ARTICLES, revision.translation.article.brand_id)
    lock_brand(revision.translation.article.brand_id)
    was_archived = revision.translation.archived_at is not None
    revision = locked_revision(revision)
    is_archived = revision.translation.archived_at is not None
    if revision.state == State.PUBLISHED and not is_archived:
        return revision
    if not revision.is_open or (is_archived and not was_archived):
        raise NotOpen
    publish_locked(revision, actor=actor, size=Size(size), drawings=drawings)
    return revision


def publish_locked(revision: Revision, *, actor: Actor, size: Size, drawings: Drawings | None = None) -> None:
    """Draw and show it; the caller has asked, and holds the locks of the brand and the text.

    The first of its language is a major one.
    """
    translation = revision.translation
    article = translation.article
    today = Drawings.today(article.brand, drawings)
    drawn = today.of(revision.text, language=translation.language, audience=article.audience)
    size = Size.MAJOR if translation.published is None else size
    if translation.archived_at is not None:
        translation.archived_at = None
        translation.save(update_fields=["archived_at"])
    show(revision, drawn, actor=actor, size=size)
    record(
        ArticlePublished(
            actor=actor, brand_id=article.brand_id, subject_id=article.pk, revision_id=revision.pk, size=size
        )
    )


@transaction.atomic
def schedule(*, revision: Revision, at: datetime, by: Author, size: Size = Size.MEDIUM) -> Revision:
    """Readers see it from that moment on. Raises Refused, NotOpen, InThePast."""
    actor = require_author(by, May.PUBLISH_ARTICLES, revision.translation.article.brand_id)
    lock_brand(revision.translation.article.brand_id)
    revision = locked_revision(revision)
    if not revision.is_open:
        raise NotOpen
    if at <= now():
        raise InThePast
    # One language has one moment; an older schedule gives way.
    revision.translation.revisions.filter(state=State.SCHEDULED).exclude(pk=revision.pk).update(
        state=State.SUPERSEDED
    )
    revision.state, revision.publish_at = State.SCHEDULED, at
    revision.size, revision.publisher_id = Size(size), actor.id
    revision.missed_at, revision.missed_because = None, {}
    revision.save(
        update_fields=["state", "publish_at", "size", "publisher_id", "missed_at", "missed_because"]
    )
    enqueue(publish_at_its_time, after=at - now(), revision_id=revision.pk)
    article = revision.translation.article
    record(
        ArticleScheduled(
            actor=actor, brand_id=article.brand_id, subject_id=article.pk, revision_id=revision.pk
        )
    )
    return revision


@task()
def publish_at_its_time(revision_id: int) -> None:
    """Does nothing for one that was taken off the schedule or put to another time; then another task is due.

    A text that can't be drawn is given back at once; whatever else fails is tried again, at last by `publish_what_is_late`.
    """
    try:
        _publish_if_due(revision_id)
    except Problem as problem:
        log.warning("schedule_failed", extra={"revision": revision_id, "problem": type(problem).__name__})
        give_back(revision_id, problem)


@transaction.atomic
def _publish_if_due(revision_id: int) -> None:
    revision = still_scheduled(revision_id)
    if revision is None or revision.publish_at is None or revision.publish_at > now():
        return
    publisher = revision.publisher_id
    publish_locked(
        revision,
        actor=agent_actor(publisher) if publisher else SYSTEM,
        size=Size(revision.size or Size.MEDIUM),
    )


@transaction.atomic
def archive(*, article: Article, by: Author) -> Article:
    """Readers find it nowhere any more, in any language; everything is kept. Raises Refused."""
    actor = require_author(by, May.PUBLISH_ARTICLES, article.brand_id)
    lock_brand(article.brand_id)
    kept = list(Translation.objects.locked().filter(article=article, archived_at=None).order_by("pk"))
    Translation.objects.filter(pk__in=[one.pk for one in kept]).update(archived_at=now())
    scheduled = Revision.objects.filter(translation__article=article, state=State.SCHEDULED)
    newest = Translation.objects.filter(article=article).values("newest")
    scheduled.filter(pk__in=newest).update(state=State.DRAFT, publish_at=None)
    scheduled.update(state=State.SUPERSEDED, publish_at=None)
    # Also of an article that nobody has read yet: whoever waits for its day can find out who took it away.
    if kept:
        record(ArticleArchived(actor=actor, brand_id=article.brand_id, subject_id=article.pk))
    return article


@transaction.atomic
def bring_back(*, article: Article, by: Author) -> Article:
    """As it was when it was archived, drawn with today's facts. Raises Refused, Problem."""
    actor = require_author(by, May.PUBLISH_ARTICLES, article.brand_id)
    lock_brand(article.brand_id)
    gone = list(Translation.objects.locked().filter(article=article).exclude(archived_at=None).order_by("pk"))
    Translation.objects.filter(pk__in=[one.pk for one in gone]).update(archived_at=None)
    draw_anew(gone, brand=article.brand, actor=actor, kept={article.pk})
    if any(one.published is not None for one in gone):
        record(ArticlePublished(actor=actor, brand_id=article.brand_id, subject_id=article.pk))
    elif gone:
        record(ArticleBroughtBack(actor=actor, brand_id=article.brand_id, subject_id=article.pk))
    return article


@transaction.atomic
def restore(*, revision: Revision, by: Author, note: str = "") -> Revision:
    """A new draft with the words of an earlier revision. Raises Refused."""
    actor = require_author(by, May.EDIT_ARTICLES, revision.translation.article.brand_id)
    translation = locked(revision.translation)
    newest = translation.newest
    if newest is not None and newest.state == State.DRAFT and newest.text == revision.text:
        return newest
    return write_revision(translation, revision.text, actor=actor, note=note, of_source=revision.of_source)
