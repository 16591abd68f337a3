"""What was for staff alone becomes everybody's by an import: in one transaction with the texts that were written for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from kefu.helpcentre.bringing_in import bring_in_texts
from kefu.helpcentre.folder import ArticleFile
from kefu.helpcentre.import_under_way import Import
from kefu.helpcentre.locks import lock_brand
from kefu.helpcentre.markdown.problems import Problem
from kefu.helpcentre.models import Article, Audience, Revision, State, Translation
from kefu.helpcentre.showing import draw_anew


class StayClosed(Exception):
    """Why these articles stay with staff, by the folder's name for them."""

    def __init__(self, why: Mapping[str, str]) -> None:
        super().__init__(", ".join(why))
        self.why = why


def open_to_readers(run: Import) -> None:
    """All at once, for they may link to each other.

    One with words that are not the folder's stays with staff, and is reported; so does what links to one that stays.
    """
    opening = run.opening
    while opening:
        told, left_alone = set(run.told), list(run.left_alone)
        try:
            _open(opening, run)
        except StayClosed as closed:
            run.told = told
            run.left_alone = left_alone + [f"{slug}: {why}" for slug, why in closed.why.items()]
            opening = [one for one in opening if one.slug not in closed.why]
        else:
            return


@transaction.atomic
def _open(opening: Sequence[ArticleFile], run: Import) -> None:
    """Raises StayClosed, and then nothing is changed."""
    lock_brand(run.brand.pk)
    articles = {one.slug: _opened(one, run) for one in opening}
    closed: dict[str, str] = {}
    for one in opening:
        try:
            why = _fill(one, articles[one.slug], run)
        except Problem as problem:
            why = f"it stays with staff: {problem}"
        if why:
            closed[one.slug] = why
    if closed:
        raise StayClosed(closed)


def _opened(found: ArticleFile, run: Import) -> Article:
    article = run.article(found.slug)
    article.audience, article.imported = Audience.PUBLIC, found.frame()
    article.save(update_fields=["audience", "imported"])
    return article


def _fill(found: ArticleFile, article: Article, run: Import) -> str:
    """Why it must not be opened, in a sentence; nothing if it may. Raises Problem."""
    _ask_again(found, article)
    bring_in_texts(found, article, run)
    others = _languages_of_others(found, article)
    if others:
        return f"it stays with staff, for in {', '.join(others)} it says something else than the folder"
    shown = list(article.translations.shown())
    draw_anew(shown, brand=run.brand, actor=run.by, kept={article.pk}, ready=run.drawn_today())
    run.tell(article)
    return ""


def _ask_again(found: ArticleFile, article: Article) -> None:
    """A file that came in before counts as new where somebody has published something else since."""
    differing = _languages_of_others(found, article)
    Translation.objects.filter(article=article, language__in=differing).update(imported_hash="")


def _languages_of_others(found: ArticleFile, article: Article) -> list[str]:
    """In which readers see, or will see by itself, what the folder does not say."""
    said = {one.language: one.text for one in found.translations}
    bound = Revision.objects.filter(
        translation__article=article, state__in=(State.PUBLISHED, State.SCHEDULED)
    ).select_related("translation")
    return sorted(
        {one.translation.language for one in bound if one.text != said.get(one.translation.language)}
    )
