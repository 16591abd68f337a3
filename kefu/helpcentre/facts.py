"""Figures that texts quote: `{{ facts.limits.daily }}` is replaced by what the facts say, in the text's language.

A fact is a number, a text, or one text a language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

QUOTED = re.compile(r"\{\{\s*facts\.([a-z0-9_.]+)\s*\}\}")
BRACES = re.compile(r"\{\{|\}\}")


class UnknownFact(LookupError):
    """A text quotes a fact that isn't there."""

    def __str__(self) -> str:
        return str(self.args[0])


def fill(text: str, facts: Mapping[str, Any], language: str) -> str:
    """The text with its facts; raises UnknownFact for one that isn't there and for braces that quote nothing."""
    filled = QUOTED.sub(lambda found: fact(found.group(1), facts, language), text)
    left = BRACES.search(filled)
    if left:
        raise UnknownFact(
            f"“{filled[left.start() : left.start() + 30]}” quotes no fact; write {{{{ facts.name }}}}."
        )
    return filled


def fact(name: str, facts: Mapping[str, Any], language: str) -> str:
    """One fact in words; raises UnknownFact."""
    value: Any = facts
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            raise UnknownFact(f"There is no fact “{name}”.")
        value = value[part]
    if isinstance(value, Mapping):
        if language not in value:
            raise UnknownFact(f"The fact “{name}” isn't said in {language}.")
        value = value[language]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UnknownFact(f"The fact “{name}” is neither a whole number nor a text.")
    return str(value)
