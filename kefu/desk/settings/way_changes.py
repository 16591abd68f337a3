"""A change of an official way in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from kefu.accounts.settings.history import Change, compared
from kefu.desk.settings.typed_way import kinds_in_words
from kefu.safety.models import OfficialWayRevision
from kefu.ui.languages import language_name
from kefu.ui.moments import WEEKDAYS
from kefu.waiting.hours import Interval
from kefu.waiting.typed import in_words


def change_of(revision: OfficialWayRevision) -> Change:
    written = revision.after or revision.before
    name = written["names"].get(get_language() or "") or next(iter(written["names"].values()), "")
    title = " · ".join(part for part in (name, written["value"]) if part) or kinds_in_words()[written["kind"]]
    url = reverse("desk_settings:way_put_back", args=[revision.pk])
    return Change(title, compared(parts_of(revision.before), parts_of(revision.after)), url)


def parts_of(written: Mapping[str, Any]) -> dict[str, str]:
    """What is said of a way, by the name of the part; nothing of one that is not there."""
    if not written:
        return {gettext("In the list"): gettext("No")}
    return {
        gettext("In the list"): gettext("Yes"),
        gettext("Kind"): kinds_in_words()[written["kind"]],
        gettext("Address"): written["value"],
        gettext("Link"): written["url"],
        **_by_language(gettext("Name, %(language)s"), written["names"]),
        **_by_language(gettext("Good for, %(language)s"), written["good_for"]),
        gettext("Own hours"): _week(written["week"]),
        gettext("Shown to customers"): gettext("Yes") if written.get("is_shown") else gettext("No"),
        **({gettext("Place"): str(written["place"] + 1)} if "place" in written else {}),
    }


def _by_language(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {name % {"language": language_name(code)}: text for code, text in texts.items()}


def _week(week: list[list[int]]) -> str:
    days = {day: [Interval(*pair) for of, *pair in week if of == day] for day in range(len(WEEKDAYS))}
    return gettext("; ").join(f"{WEEKDAYS[day]} {in_words(found)}" for day, found in days.items() if found)
