"""The files of an article against what stands here: who changed it since it came in last?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from kefu.helpcentre.drawing import Drawings
from kefu.helpcentre.folder import ArticleFile, TranslationFile
from kefu.helpcentre.import_under_way import Import
from kefu.helpcentre.locks import locked
from kefu.helpcentre.models import Article, Audience, Revision, Size, Translation
from kefu.helpcentre.showing import date_text, show
from kefu.helpcentre.verbs.saving import write_revision
from kefu.journal.actor import Actor


def bring_in_texts(found: ArticleFile, article: Article, run: Import) -> None:
    """The caller has the brand's lock. What is for staff alone does not come to an article that everybody reads here.

    Raises Problem.
    """
    drawings = run.drawn_today()
    source: int | None = None
    is_new = False
    for one in found.translations:
        is_new |= bring_in(
            one,
            article=article,
            actor=run.by,
            drawings=drawings,
            of_source=source,
            may_write=partial(_may_write, run, found, article, one.language),
        )
        if one.language == run.brand.first_language:
            source = article.translations.get(language=one.language).published
    if is_new:
        run.tell(article)


def _may_write(
    run: Import, found: ArticleFile, article: Article, language: str, is_changed_here: bool
) -> bool:
    if (found.audience, article.audience) == (Audience.STAFF, Audience.PUBLIC):
        run.left_alone.append(
            f"{found.slug} {language}, which is for staff alone, and everybody reads it here"
        )
        return False
    return run.may_write(f"{found.slug} {language}", is_changed_here=is_changed_here)


def bring_in(
    file: TranslationFile,
    *,
    article: Article,
    actor: Actor,
    drawings: Drawings,
    of_source: int | None,
    may_write: Callable[[bool], bool],
) -> bool:
    """Publish what the file says unless it is published already; gives whether readers see something new.

    What was archived here stays so: a folder that wins changes the words that are shown once it is brought back.
    `of_source` is the revision of the source language that it goes with. `may_write(is_changed_here)` is asked before
    anything of somebody's here is passed over.
    """
    made, _ = Translation.objects.get_or_create(article=article, language=file.language)
    translation = locked(made)
    if translation.imported_hash == file.file_hash:
        return False
    newest = translation.newest
    if newest is not None and newest.text == file.text and newest.number == translation.published:
        is_dated = _date(translation, file)
        _remember(translation, file, newest)
        return is_dated
    is_written_here = newest is not None and newest.number != translation.imported_as
    is_changed_here = is_written_here or translation.archived_at is not None
    if not may_write(is_changed_here):
        return False
    revision = write_revision(translation, file.text, actor=actor, of_source=of_source, is_told=False)
    drawn = drawings.of(file.text, language=file.language, audience=article.audience)
    size = Size.MAJOR if translation.published is None else Size.MEDIUM
    show(revision, drawn, actor=actor, size=size, updated_on=file.updated_on)
    _date(translation, file)
    _remember(translation, file, revision)
    return translation.is_shown


def _date(translation: Translation, file: TranslationFile) -> bool:
    """The dates that the file gives; without one ours stay."""
    before = (translation.updated, translation.reviewed_on)
    if file.updated_on and file.updated_on != (translation.updated_on or translation.updated_at.date()):
        date_text(translation, file.updated_on)
    if file.reviewed_on:
        translation.reviewed_on = file.reviewed_on
    translation.save(update_fields=["updated_at", "updated_on", "reviewed_on"])
    return before != (translation.updated, translation.reviewed_on)


def _remember(translation: Translation, file: TranslationFile, revision: Revision) -> None:
    translation.imported_hash, translation.imported_as = file.file_hash, revision.number
    translation.save(update_fields=["imported_hash", "imported_as"])
