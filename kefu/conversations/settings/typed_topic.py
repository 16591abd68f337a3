"""A topic as it is typed, and what is wrong with it by the name of its field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext

from kefu.accounts.models import Team
from kefu.accounts.settings.history import page_number
from kefu.brands.models import Brand
from kefu.conversations.models import Topic
from kefu.conversations.verbs.topics import TopicText

KEY = re.compile(r"[a-z0-9][a-z0-9-]{1,29}")
LONGEST_NAME = 40
LONGEST_NOTE = 80
# What the window has room and meaning for.
ICONS = (
    "wallet",
    "deposit",
    "withdraw",
    "trade",
    "bank",
    "id-card",
    "lock",
    "shield",
    "app",
    "gift",
    "code",
    "user",
    "bulb",
    "question",
)


@dataclass(frozen=True)
class TypedTopic:
    key: str = ""
    team_id: int = 0
    icon: str = "question"
    names: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict, brand: Brand, teams: list[Team], topic: Topic | None) -> TypedTopic:
        typed = cls(
            key=topic.key if topic else data.get("key", "").strip().lower(),
            team_id=page_number(data.get("team")) or 0,
            icon=data.get("icon", ""),
            names={code: data.get(f"name-{code}", "").strip() for code in brand.languages},
            notes={code: data.get(f"note-{code}", "").strip() for code in brand.languages},
        )
        typed.problems.update(typed._problems(brand, teams))
        return typed

    @classmethod
    def of(cls, topic: Topic) -> TypedTopic:
        return cls(topic.key, topic.team_id, topic.icon, topic.names, topic.notes)

    def _problems(self, brand: Brand, teams: list[Team]) -> Iterator[tuple[str, str]]:
        if not KEY.fullmatch(self.key):
            yield "key", gettext("Use 2 to 30 small letters, digits and hyphens.")
        if self.team_id not in {team.pk for team in teams if team.brand_id == brand.pk}:
            yield "team", gettext("Choose the team that answers.")
        if self.icon not in ICONS:
            yield "icon", gettext("Choose a picture.")
        if not self.names.get(brand.first_language):
            yield "names", gettext("Customers need a name at least in the brand's first language.")
        elif any(len(name) > LONGEST_NAME for name in self.names.values()):
            yield "names", gettext("A name has %(longest)s characters at most.") % {"longest": LONGEST_NAME}
        if any(len(note) > LONGEST_NOTE for note in self.notes.values()):
            yield "notes", gettext("%(longest)s characters at most.") % {"longest": LONGEST_NOTE}

    @property
    def text(self) -> TopicText:
        """What is stored of it; only of a sound one."""
        return TopicText(
            team_id=self.team_id,
            icon=self.icon,
            names={code: name for code, name in self.names.items() if name},
            notes={code: note for code, note in self.notes.items() if note},
        )
