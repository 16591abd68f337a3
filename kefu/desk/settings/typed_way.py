"""An official way as it is typed, and what is wrong with it by the name of its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from kefu.brands.models import Brand
from kefu.safety.actions import WayText
from kefu.safety.models import OfficialWay, WayKind
from kefu.waiting.hours import NO_WEEK, Interval
from kefu.waiting.typed import TypedWeek

LONGEST_NAME = 60
LONGEST_GOOD_FOR = 160
FIELDS = ("kind", "value", "url")
ADDRESS = ("kind", "value", "url")


@dataclass(frozen=True)
class TypedWay:
    kind: str = WayKind.MAIL
    value: str = ""
    url: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    good_for: Mapping[str, str] = field(default_factory=dict)
    week: TypedWeek = field(default_factory=TypedWeek)
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict, brand: Brand) -> TypedWay:
        names = {code: data.get(f"name-{code}", "").strip() for code in brand.languages}
        good_for = {code: data.get(f"good-for-{code}", "").strip() for code in brand.languages}
        way = cls(
            kind=data.get("kind", ""),
            value=data.get("value", "").strip(),
            url=data.get("url", "").strip(),
            names=names,
            good_for=good_for,
            week=TypedWeek.read(data),
        )
        return replace(way, problems=dict(way._problems()))

    @classmethod
    def of(cls, way: OfficialWay) -> TypedWay:
        week = [[Interval(*pair) for of, *pair in way.week if of == day] for day in range(len(NO_WEEK))]
        return cls(way.kind, way.value, way.url, way.names, way.good_for, TypedWeek.of(week))

    def _problems(self) -> Iterator[tuple[str, str]]:
        if self.kind not in set(WayKind):
            yield "kind", gettext("Choose what kind of way it is.")
        if any(len(name) > LONGEST_NAME for name in self.names.values()):
            yield "names", gettext("A name has %(longest)s characters at most.") % {"longest": LONGEST_NAME}
        if any(len(text) > LONGEST_GOOD_FOR for text in self.good_for.values()):
            yield "good_for", gettext("%(longest)s characters at most.") % {"longest": LONGEST_GOOD_FOR}
        if not self.week.is_sound:
            yield "week", gettext("Look at the hours: some of them can't be read.")

    @property
    def is_sound(self) -> bool:
        return not self.problems

    def refused(self, error: ValidationError) -> TypedWay:
        """With what the list itself says against it."""
        said = error.message_dict
        problems = {name: " ".join(messages) for name, messages in said.items() if name in {*FIELDS, "week"}}
        if not problems:
            problems["value"] = gettext("This brand has this way already.")
        return replace(self, problems=problems)

    @property
    def text(self) -> WayText:
        """What is stored of it; only of a sound one."""
        return WayText(
            kind=WayKind(self.kind),
            value=self.value,
            url=self.url,
            names={code: name for code, name in self.names.items() if name},
            good_for={code: text for code, text in self.good_for.items() if text},
            week=[
                [day, one.opens, one.closes] for day, found in self.week.intervals.items() for one in found
            ],
        )

    def has_other_address(self, way: OfficialWay | None) -> bool:
        """Would customers be sent somewhere else than now?"""
        return way is None or any(getattr(way, name) != getattr(self, name) for name in ADDRESS)


def kinds_in_words() -> dict[str, str]:
    return {
        WayKind.MAIL: pgettext("a way to write to us", "E-mail"),
        WayKind.CHAT: gettext("Live chat"),
        WayKind.X: "X",
        WayKind.FACEBOOK: "Facebook",
        WayKind.INSTAGRAM: "Instagram",
        WayKind.YOUTUBE: "YouTube",
        WayKind.COMMUNITY: gettext("Community"),
        WayKind.PHONE: gettext("Telephone"),
    }
