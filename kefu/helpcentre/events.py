"""What happens in the help centre. What changes what readers see is one of SEEN_BY_READERS; its subject is the article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kefu.helpcentre.models import Size
from kefu.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ArticlePublished(Event):
    """An article was published or published anew, or drawn anew with other facts; its subject is the article."""

    kind: ClassVar[str] = "article.published"
    revision_id: int | None = None
    size: Size | None = None


@dataclass(frozen=True, kw_only=True)
class ArticleArchived(Event):
    """Readers don't see it any more, in any language."""

    kind: ClassVar[str] = "article.archived"


@dataclass(frozen=True, kw_only=True)
class ArticleBroughtBack(Event):
    """It was archived before anybody had read it; what readers have seen is published again."""

    kind: ClassVar[str] = "article.brought_back"


@dataclass(frozen=True, kw_only=True)
class ArticleSaved(Event):
    """Subject: the article, here and below. A draft in one language was saved; readers see nothing of it."""

    kind: ClassVar[str] = "article.saved"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class ArticleSentToReview(Event):
    kind: ClassVar[str] = "article.sent_to_review"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class ArticleSentBack(Event):
    """From review, or from the schedule, it is a draft again."""

    kind: ClassVar[str] = "article.sent_back"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class ArticleScheduled(Event):
    kind: ClassVar[str] = "article.scheduled"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class ScheduleFailed(Event):
    """Its time came and it could not be drawn: something that it quotes or links to had gone."""

    kind: ClassVar[str] = "article.schedule_failed"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class ArticleAdded(Event):
    kind: ClassVar[str] = "article.added"


@dataclass(frozen=True, kw_only=True)
class ArticleChanged(Event):
    """Its frame: shelf, address, audience, owner, day of review."""

    kind: ClassVar[str] = "article.changed"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class ArticleNamedOutside(Event):
    """A program that writes it calls it by a name of its own from now on."""

    kind: ClassVar[str] = "article.named_outside"


@dataclass(frozen=True, kw_only=True)
class ArticleReviewed(Event):
    """Somebody read it and says that it is still right."""

    kind: ClassVar[str] = "article.reviewed"


@dataclass(frozen=True, kw_only=True)
class OwnerReminded(Event):
    """The day of review has come."""

    kind: ClassVar[str] = "article.owner_reminded"
    agent_id: int


@dataclass(frozen=True, kw_only=True)
class ShelfAdded(Event):
    """Subject: the shelf, here and below; the revision has before and after."""

    kind: ClassVar[str] = "shelf.added"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class ShelfChanged(Event):
    """Its names, picture, topic or place."""

    kind: ClassVar[str] = "shelf.changed"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class ShelfArchived(Event):
    kind: ClassVar[str] = "shelf.archived"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class ShelfBroughtBack(Event):
    kind: ClassVar[str] = "shelf.brought_back"
    revision_id: int


@dataclass(frozen=True, kw_only=True)
class FactChanged(Event):
    """Subject: the revision of the fact, which has before and after."""

    kind: ClassVar[str] = "fact.changed"


@dataclass(frozen=True, kw_only=True)
class OldAddressAdded(Event):
    """Subject: the article to which it leads."""

    kind: ClassVar[str] = "old_address.added"


@dataclass(frozen=True, kw_only=True)
class OldAddressRemoved(Event):
    kind: ClassVar[str] = "old_address.removed"


@dataclass(frozen=True, kw_only=True)
class PictureAdded(Event):
    """Subject: the picture, here and below."""

    kind: ClassVar[str] = "picture.added"


@dataclass(frozen=True, kw_only=True)
class PictureRemoved(Event):
    kind: ClassVar[str] = "picture.removed"


SEEN_BY_READERS = frozenset({ArticlePublished.kind, ArticleArchived.kind})
