"""What became of letters: ids and closed values, never an address."""

from __future__ import annotations

from typing import ClassVar

from kefu.journal.events import Event
from kefu.mailroom.models import LetterKind, Problem


class LetterSent(Event, frozen=True, kw_only=True):
    """`subject_id` is the letter, here and below. The mail server has taken it; nobody knows whether it was read."""

    kind: ClassVar[str] = "letter.sent"
    letter_kind: LetterKind


class LetterRefused(Event, frozen=True, kw_only=True):
    """The mail server will not take it, or gave no answer for days."""

    kind: ClassVar[str] = "letter.refused"
    letter_kind: LetterKind
    problem: Problem


class LetterLeftOpen(Event, frozen=True, kw_only=True):
    """Nobody can tell whether the mail server has it, and it is not sent again."""

    kind: ClassVar[str] = "letter.left_open"
    letter_kind: LetterKind
