"""One import under way: what it knows of the folder's articles, and what became of them so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kefu.brands.models import Brand
from kefu.helpcentre.drawing import Drawings, Surroundings
from kefu.helpcentre.events import ArticlePublished
from kefu.helpcentre.folder import ArticleFile
from kefu.helpcentre.models import Article, Category
from kefu.journal.actions import record
from kefu.journal.actor import Actor


class Wins(StrEnum):
    """Who is right where a text was changed in the folder and here."""

    HERE = "here"
    FOLDER = "folder"


@dataclass
class Import:
    """One import under way."""

    brand: Brand
    by: Actor
    wins: Wins
    # By the folder's name for them.
    meant: dict[str, Article]
    drawings: Drawings
    shelves: dict[str, Category] = field(default_factory=dict)
    # Those that are for staff alone until their texts come.
    opening: list[ArticleFile] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    left_alone: list[str] = field(default_factory=list)

    def article(self, slug: str) -> Article:
        """As it is now; one that is new has no row yet."""
        known = self.meant.get(slug)
        if known is None:
            return Article(brand=self.brand, slug=slug)
        return Article.objects.select_related("brand", "category", "owner").get(pk=known.pk)

    def drawn_today(self) -> Drawings:
        self.drawings = self.drawings.amid(Surroundings.of(self.brand))
        return self.drawings

    def may_write(self, what: str, *, is_changed_here: bool) -> bool:
        if is_changed_here and self.wins is Wins.HERE:
            self.left_alone.append(what)
            return False
        return True

    def tell(self, article: Article) -> None:
        """It reads differently; said in the transaction that changed it, for whoever follows may read it right after that."""
        if article.translations.shown().exists():
            self.told.add(article.pk)
            record(ArticlePublished(actor=self.by, brand_id=self.brand.pk, subject_id=article.pk))
