"""The frame of an article: all of it that is the same in every language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kefu.accounts.models import Agent
from kefu.helpcentre.models import Article, Audience, Category


@dataclass(frozen=True, kw_only=True)
class Frame:
    """`number` is its place in lists; 0 takes the next that is free."""

    slug: str
    category: Category
    review_on: date
    audience: str = Audience.PUBLIC
    owners: Mapping[str, str] = field(default_factory=dict)
    owner: Agent | None = None
    tool: str | None = None
    issue_type: str = ""
    number: int = 0

    @classmethod
    def of(cls, article: Article) -> Frame:
        return cls(
            slug=article.slug,
            category=article.category,
            review_on=article.review_on,
            audience=article.audience,
            owners=article.owners,
            owner=article.owner,
            tool=article.tool,
            issue_type=article.issue_type,
            number=article.number,
        )

    def values(self) -> dict[str, Any]:
        """Fields of the row; the number is given to it apart."""
        return {
            "slug": self.slug,
            "category": self.category,
            "review_on": self.review_on,
            "audience": self.audience,
            "owners": dict(self.owners),
            "owner": self.owner,
            "tool": self.tool or None,
            "issue_type": self.issue_type,
        }

    def written(self) -> dict[str, Any]:
        """As a revision row keeps it."""
        return {
            "slug": self.slug,
            "category": self.category.key,
            "review_on": self.review_on.isoformat(),
            "audience": str(self.audience),
            "owners": dict(self.owners),
            "owner_id": self.owner.pk if self.owner else None,
            "tool": self.tool or "",
            "issue_type": self.issue_type,
            "number": self.number,
        }
