"""What the source language says anew since a translation was written: typos ask nothing, all else asks for work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from kefu.helpcentre.models import Revision, Size, Translation

ASKS = (Size.MEDIUM, Size.MAJOR)


def debts_of(translations: Collection[Translation], *, source_language: str) -> dict[int, Size]:
    """By translation the largest change that it hasn't followed; only of those that owe one. Two queries.

    The translations come with their newest revisions.
    """
    followers = [one for one in translations if one.language != source_language and one.newest is not None]
    sources = dict(
        Translation.objects.shown()
        .filter(article__in={one.article_id for one in followers}, language=source_language)
        .values_list("pk", "article_id")
    )
    changes: dict[int, list[tuple[int, Size]]] = defaultdict(list)
    found = Revision.objects.filter(translation__in=sources, published_at__isnull=False, size__in=ASKS)
    for source_id, number, size in found.values_list("translation_id", "number", "size"):
        changes[sources[source_id]].append((number, Size(size)))
    owed = {
        one.pk: [size for number, size in changes[one.article_id] if number > answered_by(one)]
        for one in followers
    }
    return {pk: Size.MAJOR if Size.MAJOR in sizes else Size.MEDIUM for pk, sizes in owed.items() if sizes}


def answered_by(translation: Translation) -> int:
    """The revision of the source that the newest text was written against; 0 where nobody has said."""
    return (translation.newest.of_source or 0) if translation.newest else 0
