"""States, sizes and audiences in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kefu.cases.models import IssueType
from kefu.helpcentre.models import NO_ISSUE_TYPE, Audience, Revision, Size, State, Translation
from kefu.ui.languages import html_lang, language_name

STATES: dict[str, Promise] = {
    State.DRAFT: pgettext_lazy("article", "Draft"),
    State.REVIEW: pgettext_lazy("article", "In review"),
    State.SCHEDULED: pgettext_lazy("article", "Scheduled"),
    State.PUBLISHED: pgettext_lazy("article", "Published"),
    State.SUPERSEDED: pgettext_lazy("article", "Superseded"),
    "missed": pgettext_lazy("article", "Schedule missed"),
    "archived": pgettext_lazy("article", "Archived"),
    "empty": pgettext_lazy("article", "Not written"),
}
# What a list can be narrowed to: what readers see, and what is on its way to them.
FILTERS = (State.DRAFT, State.REVIEW, State.SCHEDULED, State.PUBLISHED, "missed", "archived", "empty")
TONES = {
    State.DRAFT: "care",
    State.REVIEW: "accent",
    State.SCHEDULED: "accent",
    State.PUBLISHED: "ok",
    "missed": "bad",
    "archived": "",
    "empty": "",
}
SIZES: dict[str, Promise] = {
    Size.TYPO: _("A slip of the pen: other languages need nothing"),
    Size.MEDIUM: _("Something is said better or anew: other languages follow when they can"),
    Size.MAJOR: _("A rule, figure or step has changed: other languages follow at once"),
}
SHORT_SIZES: dict[str, Promise] = {
    Size.TYPO: pgettext_lazy("change", "Typo"),
    Size.MEDIUM: pgettext_lazy("change", "Medium"),
    Size.MAJOR: pgettext_lazy("change", "Major"),
}
AUDIENCES: dict[str, Promise] = {Audience.PUBLIC: _("Everybody"), Audience.STAFF: _("Staff only")}
NO_ISSUE_TYPES: dict[str, Promise] = {"": _("Not said yet"), NO_ISSUE_TYPE: _("None of them fits")}
GONE = _("Meanwhile this revision was published or replaced by a newer one.")


@dataclass(frozen=True)
class Standing:
    """How one language of an article stands: what readers see, and what is on its way."""

    language: str
    name: str
    lang: str
    states: tuple[tuple[Promise, str], ...]
    debt: Promise | None = None


def issue_types() -> list[tuple[str, str]]:
    """What an article can say of itself, by key and in words."""
    return [(key, str(name)) for key, name in (*NO_ISSUE_TYPES.items(), *IssueType.choices)]


def issue_type_name(key: str) -> str:
    return dict(issue_types()).get(key, key)


def on_their_way(translations: Collection[Translation]) -> dict[int, set[str]]:
    """By translation the states of its revisions that are on their way to readers, also behind a newer draft. One query."""
    found: dict[int, set[str]] = defaultdict(set)
    revisions = Revision.objects.open().filter(translation__in=[one.pk for one in translations if one.pk])
    for translation_id, state, missed_at in revisions.values_list("translation_id", "state", "missed_at"):
        found[translation_id] |= {state, "missed"} if missed_at else {state}
    return found


def states_of(translation: Translation, coming: Collection[str]) -> tuple[str, ...]:
    """Some of FILTERS."""
    if translation.newest is None:
        return ("empty",)
    shown = [State.PUBLISHED] if translation.published is not None else []
    if translation.archived_at is not None:
        shown = ["archived"]  # type: ignore[list-item]
    return (*shown, *(state for state in FILTERS if state in coming))


def standing_of(translation: Translation, coming: Collection[str] = (), debt: Size | None = None) -> Standing:
    return Standing(
        translation.language,
        language_name(translation.language),
        html_lang(translation.language),
        tuple((STATES[state], TONES[state]) for state in states_of(translation, coming)),
        SHORT_SIZES[debt] if debt else None,
    )
