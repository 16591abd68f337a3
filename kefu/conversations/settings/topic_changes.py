"""A change of a topic in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from kefu.accounts.settings.history import Change, compared
from kefu.conversations.nouns.topic_revision import TopicRevision
from kefu.ui.languages import language_name


def change_of(revision: TopicRevision, teams: Mapping[int, str]) -> Change:
    names = revision.after["names"]
    title = names.get(get_language() or "") or next(iter(names.values()), "")
    before, after = _parts(revision.before, teams), _parts(revision.after, teams)
    return Change(title, compared(before, after), reverse("topics:put_back", args=[revision.pk]))


def _parts(written: Mapping[str, Any], teams: Mapping[int, str]) -> dict[str, str]:
    if not written:
        return {}
    return {
        gettext("Can be chosen"): gettext("No") if written["is_retired"] else gettext("Yes"),
        **{_of(gettext("Name, %(language)s"), code): name for code, name in written["names"].items()},
        **{_of(gettext("Note, %(language)s"), code): note for code, note in written["notes"].items()},
        gettext("Team"): teams.get(written["team_id"], gettext("a team that is gone")),
        gettext("Picture"): written["icon"],
        gettext("Place"): str(written["place"] + 1),
    }


def _of(name: str, code: str) -> str:
    return name % {"language": language_name(code)}
