"""Figures that texts quote: `{{ facts.limits.daily }}` is replaced by what the facts say, in the text's language.

A fact is a whole number, a text, or one text a language. Facts are looked up by their whole key.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop

from kefu.helpcentre.markdown.problems import Problem
from kefu.ui.languages import HTML_LANG

QUOTED = re.compile(r"\{\{\s*facts\.([a-z0-9_.]+)\s*\}\}")
BRACES = re.compile(r"\{\{|\}\}")
KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


def ends_in_language(key: str) -> bool:
    """Whether a folder could take it for one language of another fact: `hours.en`."""
    return key.rpartition(".")[2] in HTML_LANG


class UnknownFact(Problem, LookupError):
    """A text quotes a fact that isn't there."""


def fill(text: str, facts: Mapping[str, Any], language: str) -> str:
    """The text with its facts; raises UnknownFact for one that isn't there and for braces that quote nothing."""

    def filled(found: re.Match[str]) -> str:
        try:
            return fact(found.group(1), facts, language)
        except UnknownFact as unknown:
            unknown.line = line_of(text, found.start())
            raise

    left = BRACES.search(QUOTED.sub(lambda found: " " * len(found.group()), text))
    if left:
        raise UnknownFact(
            gettext_noop("“%(braces)s” quotes no fact; write {{ facts.name }}."),
            line=line_of(text, left.start()),
            braces=text[left.start() : left.start() + 30].partition("\n")[0],
        )
    return QUOTED.sub(filled, text)


def line_of(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def quoted_in(*texts: str) -> set[str]:
    """The keys of the facts that these texts quote."""
    return {key for text in texts for key in QUOTED.findall(text)}


def fact(name: str, facts: Mapping[str, Any], language: str) -> str:
    """One fact in words; raises UnknownFact."""
    value = facts.get(name)
    if value is None:
        raise UnknownFact(gettext_noop("There is no fact “%(name)s”."), name=name)
    if isinstance(value, Mapping):
        if language not in value:
            raise UnknownFact(
                gettext_noop("The fact “%(name)s” isn't said in %(language)s."), name=name, language=language
            )
        value = value[language]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UnknownFact(
            gettext_noop("The fact “%(name)s” is neither a whole number nor a text."), name=name
        )
    return str(value)


def flattened(
    tables: Mapping[str, Any], languages: Collection[str], inside: str = ""
) -> Iterator[tuple[str, Any]]:
    """Facts of a folder by their whole key; a table of languages is one fact."""
    for name, value in tables.items():
        key = f"{inside}{name}"
        if isinstance(value, Mapping) and not set(value) <= set(languages):
            yield from flattened(value, languages, f"{key}.")
        else:
            yield key, value
