"""What an author writes in one language: the words of a revision, with their facts unfilled."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_TITLE, LONGEST_SUMMARY = 120, 300


# Nobody sees them, and XML cannot hold them, so that one would take a whole feed down.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def seen(text: str) -> str:
    """Without the control characters that come along from other programs."""
    return UNSEEN.sub("", text)


@dataclass(frozen=True, kw_only=True)
class Text:
    title: str
    summary: str
    synonyms: tuple[str, ...]
    source: str

    @classmethod
    def typed(cls, *, title: str, summary: str, synonyms: str, source: str) -> Text:
        """As a form sends it: line ends of the web, one synonym a line."""
        lines = (" ".join(line.split()) for line in synonyms.splitlines())
        return cls(
            title=seen(" ".join(title.split())),
            summary=seen(" ".join(summary.split())),
            synonyms=tuple(dict.fromkeys(line for line in map(seen, lines) if line)),
            source=seen(source.replace("\r\n", "\n").replace("\r", "\n")).strip() + "\n",
        )
