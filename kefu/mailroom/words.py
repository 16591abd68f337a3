"""What a letter says, as values: one source for its text and its HTML, so that neither part says less than the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    text: str
    is_small: bool = False


@dataclass(frozen=True)
class Button:
    """A link that stands alone. The text part prints the whole address."""

    label: str
    url: str


@dataclass(frozen=True)
class Figures:
    """A one-time code, large enough to be read from a phone that lies on the table."""

    text: str


@dataclass(frozen=True)
class Said:
    """Something said in a conversation: who, when, and the words, line by line."""

    by: str
    at: str
    text: str


Block = Paragraph | Button | Figures | Said


@dataclass(frozen=True)
class Words:
    subject: str
    heading: str
    blocks: Sequence[Block]
