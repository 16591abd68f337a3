"""What is wrong with a text, in a sentence: English for the console, and in the language of whoever reads a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext


class Problem(ValueError):
    """`sentence` is English with named places for `values`, and is marked for translation where it is written.

    `line` is the line of the text that it is about, counted from one, where one is known.
    """

    def __init__(self, sentence: str, *, line: int | None = None, **values: object) -> None:
        super().__init__(sentence)
        self.sentence, self.line, self.values = sentence, line, values

    def __str__(self) -> str:
        where = f"Line {self.line}: " if self.line else ""
        return where + self.sentence % self.values

    def in_words(self) -> str:
        """In the language that is active now, without the line."""
        return gettext(self.sentence) % self.values

    def in_place(self) -> str:
        """In the language that is active now, after the line that it is about."""
        said = self.in_words()
        return gettext("Line %(line)s: %(said)s") % {"line": self.line, "said": said} if self.line else said

    def as_values(self) -> dict[str, Any]:
        """As a row keeps it, to be said later in whatever language."""
        return {"sentence": self.sentence, "line": self.line, "values": self.values}

    @staticmethod
    def of_values(kept: Mapping[str, Any]) -> Problem:
        return Problem(kept["sentence"], line=kept["line"], **kept["values"])


class BadMarkdown(Problem):
    """The text can't be drawn as it was meant; the message is a sentence for its author."""
