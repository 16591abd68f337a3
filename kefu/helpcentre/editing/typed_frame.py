"""The frame of an article as it is typed, and what is wrong with it by the name of its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext

from kefu.accounts.models import Agent
from kefu.accounts.settings.history import page_number
from kefu.brands.models import Brand
from kefu.helpcentre.folder import SLUG
from kefu.helpcentre.frame import Frame
from kefu.helpcentre.models import ISSUE_TYPES, Article, Audience, Category

LONGEST_SLUG, LONGEST_OWNER, LONGEST_TOOL = 80, 60, 50
LAST_PLACE = 1_000_000
# Knowledge that nobody has looked at for a quarter of a year is no knowledge.
LOOKED_AT_AGAIN = timedelta(days=90)


@dataclass(frozen=True)
class TypedFrame:
    slug: str = ""
    category: Category | None = None
    audience: str = Audience.PUBLIC
    owners: Mapping[str, str] = field(default_factory=dict)
    owner: Agent | None = None
    review_on: str = ""
    tool: str = ""
    issue_type: str = ""
    number: int = 0
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> TypedFrame:
        return cls(review_on=(localdate() + LOOKED_AT_AGAIN).isoformat())

    @classmethod
    def of(cls, article: Article) -> TypedFrame:
        return cls(
            article.slug,
            article.category,
            article.audience,
            article.owners,
            article.owner,
            article.review_on.isoformat(),
            article.tool or "",
            article.issue_type,
            article.number,
        )

    @classmethod
    def read(cls, data: QueryDict, brand: Brand, owners: list[Agent]) -> TypedFrame:
        shelves = Category.objects.filter(brand=brand, archived_at=None)
        category = shelves.filter(pk=page_number(data.get("category")) or 0).first()
        owner_id = page_number(data.get("owner"))
        typed = cls(
            slug=data.get("slug", "").strip().lower(),
            category=category,
            audience=data.get("audience", ""),
            owners={code: " ".join(data.get(f"owners-{code}", "").split()) for code in brand.languages},
            owner=next((one for one in owners if one.pk == owner_id), None),
            review_on=data.get("review_on", "").strip(),
            tool=data.get("tool", "").strip().lower(),
            issue_type=data.get("issue_type", ""),
            number=page_number(data.get("number")) or 0,
        )
        typed.problems.update(typed.what_is_wrong(brand))
        return typed

    def what_is_wrong(self, brand: Brand) -> Iterator[tuple[str, str]]:
        """Fields, each with a sentence in the language that is active now."""
        if not SLUG.match(self.slug) or len(self.slug) > LONGEST_SLUG:
            yield "slug", gettext("Small letters, digits and hyphens, such as deposit-not-here.")
        if self.category is None:
            yield "category", gettext("Choose the shelf on which it stands.")
        if self.audience not in Audience.values:
            yield "audience", gettext("Choose who may read it.")
        if not self.owners.get(brand.first_language):
            yield "owners", gettext("Readers are told who answers for it, at least in the first language.")
        elif any(len(name) > LONGEST_OWNER for name in self.owners.values()):
            yield "owners", gettext("%(longest)s characters at most.") % {"longest": LONGEST_OWNER}
        if self.day is None:
            yield "review_on", gettext("Choose the day when somebody looks at it again.")
        if self.issue_type not in ISSUE_TYPES:
            yield "issue_type", gettext("Choose one from the list.")
        if self.number > LAST_PLACE:
            yield "number", gettext("A whole number, %(last)s at most.") % {"last": LAST_PLACE}
        yield from self._problems_of_tool()

    def _problems_of_tool(self) -> Iterator[tuple[str, str]]:
        if self.tool and not SLUG.match(self.tool):
            yield "tool", gettext("Small letters, digits and hyphens, such as deposit-not-here.")
        elif len(self.tool) > LONGEST_TOOL:
            yield "tool", gettext("%(longest)s characters at most.") % {"longest": LONGEST_TOOL}

    @property
    def day(self) -> date | None:
        try:
            return date.fromisoformat(self.review_on)
        except ValueError:
            return None

    @property
    def frame(self) -> Frame:
        """Only of a sound one."""
        day = self.day
        assert self.category is not None  # noqa: S101 - a sound frame has its shelf
        assert day is not None  # noqa: S101 - and its day
        return Frame(
            slug=self.slug,
            category=self.category,
            review_on=day,
            audience=self.audience,
            owners={code: name for code, name in self.owners.items() if name},
            owner=self.owner,
            tool=self.tool or None,
            issue_type=self.issue_type,
            number=self.number,
        )
