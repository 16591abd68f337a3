"""What happens in the help centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kefu.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ArticlePublished(Event):
    """An article was published or published anew; its subject is the article."""

    kind: ClassVar[str] = "article.published"
