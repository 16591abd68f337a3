"""A shelf as it is typed, and what is wrong with it by the name of its field."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext

from kefu.brands.models import Brand
from kefu.helpcentre.folder import SLUG
from kefu.helpcentre.models import Category
from kefu.helpcentre.verbs.shelves import ShelfText

LONGEST_KEY, LONGEST_NAME = 50, 40
ICONS = (
    "book",
    "user",
    "id-card",
    "wallet",
    "deposit",
    "withdraw",
    "trade",
    "bank",
    "lock",
    "shield",
    "app",
    "gift",
    "code",
    "bulb",
    "megaphone",
    "question",
)


@dataclass(frozen=True)
class TypedShelf:
    key: str = ""
    icon: str = "book"
    topic: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, shelf: Category) -> TypedShelf:
        return cls(shelf.key, shelf.icon, shelf.topic, shelf.names)

    @classmethod
    def read(
        cls, data: QueryDict, brand: Brand, topics: Collection[str], shelf: Category | None
    ) -> TypedShelf:
        """`topics` are the keys of those that it may lead to; what the shelf has already stays allowed."""
        typed = cls(
            key=shelf.key if shelf else data.get("key", "").strip().lower(),
            icon=data.get("icon", ""),
            topic=data.get("topic", ""),
            names={code: " ".join(data.get(f"name-{code}", "").split()) for code in brand.languages},
        )
        icons = {*ICONS, shelf.icon} if shelf else {*ICONS}
        typed.problems.update(typed._problems(icons, {*topics, "", shelf.topic if shelf else ""}))
        return typed

    def _problems(self, icons: Collection[str], topics: Collection[str]) -> Iterator[tuple[str, str]]:
        if not SLUG.fullmatch(self.key) or len(self.key) > LONGEST_KEY:
            yield "key", gettext("Small letters, digits and hyphens, such as deposits.")
        if not all(self.names.values()):
            yield "names", gettext("Readers of every language need a name for it.")
        elif any(len(name) > LONGEST_NAME for name in self.names.values()):
            yield "names", gettext("%(longest)s characters at most.") % {"longest": LONGEST_NAME}
        if self.icon not in icons:
            yield "icon", gettext("Choose a picture.")
        if self.topic not in topics:
            yield "topic", gettext("Choose one of the topics.")

    @property
    def text(self) -> ShelfText:
        """Only of a sound one."""
        return ShelfText(names=dict(self.names), icon=self.icon, topic=self.topic)
