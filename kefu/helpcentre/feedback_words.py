"""What readers choose from, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from kefu.helpcentre.nouns.feedback import Reason, Verdict


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


def verdicts() -> list[Choice]:
    return [
        Choice(Verdict.HELPFUL, gettext("Yes, it did")),
        Choice(Verdict.NOT_HELPFUL, gettext("Not solved yet")),
    ]


def reasons() -> list[Choice]:
    return [
        Choice(Reason.STILL_STUCK, gettext("I did all this and it is still not solved")),
        Choice(Reason.OTHER_QUESTION, gettext("It is about something else than my question")),
        Choice(Reason.UNCLEAR, gettext("I don't understand it")),
        Choice(Reason.WRONG, gettext("It does not match what I see")),
    ]
