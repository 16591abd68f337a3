"""Categories with what stands in them, from one list of translations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from kefu.helpcentre.models import Category, Translation


@dataclass(frozen=True)
class Shelf:
    category: Category
    translations: tuple[Translation, ...]


def fill_shelves(translations: Iterable[Translation]) -> list[Shelf]:
    """Shelves in their order; a category without an article to read has none."""
    by_category = groupby(translations, key=lambda translation: translation.article.category)
    return [Shelf(category, tuple(found)) for category, found in by_category]
