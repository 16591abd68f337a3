"""Search results as the page shows them: the hit, and what is known of the article today."""

from __future__ import annotations

from dataclasses import dataclass

from kefu.brands.models import Brand
from kefu.helpcentre.models import Translation
from kefu.helpcentre.searchable import NAME
from kefu.search.find import Hit, find

MOST = 30


@dataclass(frozen=True)
class Result:
    hit: Hit
    translation: Translation


def find_articles(query: str, *, brand: Brand, language: str) -> list[Result]:
    """The best articles for everybody to read; one that was hidden since it was indexed is left out."""
    hits = find(query, brand=brand, language=language, limit=MOST, only=[NAME])
    shown = Translation.objects.public().filter(
        article__brand=brand,
        article__in=[hit.object_id for hit in hits],
        language__in={hit.language for hit in hits},
    )
    known = {(one.article_id, one.language): one for one in shown.listed()} if hits else {}
    found = [(hit, known.get((hit.object_id, hit.language))) for hit in hits]
    return [Result(hit, translation) for hit, translation in found if translation is not None]
