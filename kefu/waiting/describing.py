"""A change of hours in words: each weekday, or each part of a date, that differs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from kefu.accounts.settings.history import Change, compared
from kefu.ui.languages import language_name
from kefu.ui.moments import WEEKDAYS, written_day
from kefu.waiting.hours import Interval, Kind
from kefu.waiting.models import HoursRevision
from kefu.waiting.typed import in_words


def change_of(revision: HoursRevision) -> Change:
    title, read = (
        (gettext("The usual week"), _by_day) if revision.on is None else (written_day(revision.on), _parts)
    )
    url = reverse("hours:put_back", args=[revision.team_id, revision.pk])
    return Change(title, compared(read(revision.before), read(revision.after)), url)


def kind_in_words(kind: str) -> str:
    return {
        Kind.CLOSED: gettext("Closed all day"),
        Kind.INSTEAD: gettext("Other hours"),
        Kind.EXTRA: gettext("More hours"),
    }[Kind(kind)]


def _by_day(pairs: Any) -> dict[str, str]:
    return {
        str(name): in_words(Interval(*pair) for of, *pair in pairs if of == day) or gettext("Closed")
        for day, name in enumerate(WEEKDAYS)
    }


def _parts(written: Any) -> dict[str, str]:
    """What is said of a date, by the name of the part; nothing where it was like any other."""
    if not written:
        return {gettext("What is different"): gettext("Nothing")}
    notes = {
        gettext("Note, %(language)s") % {"language": language_name(code)}: note
        for code, note in written["notes"].items()
    }
    return {
        gettext("What is different"): kind_in_words(written["kind"]),
        gettext("Hours"): in_words(Interval(*pair) for pair in written["intervals"]),
        **notes,
    }
