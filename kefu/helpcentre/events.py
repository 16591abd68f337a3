"""What happens in the help centre. What changes what readers see is one of SEEN_BY_READERS; its subject is the article."""

from __future__ import annotations

from typing import ClassVar

from kefu.helpcentre.models import Size
from kefu.journal.events import Event


class ArticlePublished(Event, frozen=True, kw_only=True):
    """An article was published or published anew, or drawn anew with other facts; its subject is the article."""

    kind: ClassVar[str] = "article.published"
    revision_id: int | None = None
    size: Size | None = None


class ArticleArchived(Event, frozen=True, kw_only=True):
    """Readers don't see it any more, in any language."""

    kind: ClassVar[str] = "article.archived"


class ArticleBroughtBack(Event, frozen=True, kw_only=True):
    """It was archived before anybody had read it; what readers have seen is published again."""

    kind: ClassVar[str] = "article.brought_back"


class ArticleSaved(Event, frozen=True, kw_only=True):
    """Subject: the article, here and below. A draft in one language was saved; readers see nothing of it."""

    kind: ClassVar[str] = "article.saved"
    revision_id: int


class ArticleSentToReview(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "article.sent_to_review"
    revision_id: int


class ArticleSentBack(Event, frozen=True, kw_only=True):
    """From review, or from the schedule, it is a draft again."""

    kind: ClassVar[str] = "article.sent_back"
    revision_id: int


class ArticleScheduled(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "article.scheduled"
    revision_id: int


class ScheduleFailed(Event, frozen=True, kw_only=True):
    """Its time came and it could not be drawn: something that it quotes or links to had gone."""

    kind: ClassVar[str] = "article.schedule_failed"
    revision_id: int


class ArticleAdded(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "article.added"


class ArticleChanged(Event, frozen=True, kw_only=True):
    """Its frame: shelf, address, audience, owner, day of review."""

    kind: ClassVar[str] = "article.changed"
    revision_id: int


class ArticleNamedOutside(Event, frozen=True, kw_only=True):
    """A program that writes it calls it by a name of its own from now on."""

    kind: ClassVar[str] = "article.named_outside"


class ArticleReviewed(Event, frozen=True, kw_only=True):
    """Somebody read it and says that it is still right."""

    kind: ClassVar[str] = "article.reviewed"


class OwnerReminded(Event, frozen=True, kw_only=True):
    """The day of review has come."""

    kind: ClassVar[str] = "article.owner_reminded"
    agent_id: int


class ShelfAdded(Event, frozen=True, kw_only=True):
    """Subject: the shelf, here and below; the revision has before and after."""

    kind: ClassVar[str] = "shelf.added"
    revision_id: int


class ShelfChanged(Event, frozen=True, kw_only=True):
    """Its names, picture, topic or place."""

    kind: ClassVar[str] = "shelf.changed"
    revision_id: int


class ShelfArchived(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "shelf.archived"
    revision_id: int


class ShelfBroughtBack(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "shelf.brought_back"
    revision_id: int


class FactChanged(Event, frozen=True, kw_only=True):
    """Subject: the revision of the fact, which has before and after."""

    kind: ClassVar[str] = "fact.changed"


class OldAddressAdded(Event, frozen=True, kw_only=True):
    """Subject: the article to which it leads."""

    kind: ClassVar[str] = "old_address.added"


class OldAddressRemoved(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "old_address.removed"


class PictureAdded(Event, frozen=True, kw_only=True):
    """Subject: the picture, here and below."""

    kind: ClassVar[str] = "picture.added"


class PictureRemoved(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "picture.removed"


SEEN_BY_READERS = frozenset({ArticlePublished.kind, ArticleArchived.kind})
