"""Cutting folded text into tokens: Chinese, Japanese and Korean runs into overlapping pairs, any other run whole.

A run of such letters also ends in its last letter alone, so that every single character is the beginning of some token and
one prefix term finds it, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kefu.search.folding import fold

# Han, kana and Hangul are cut into pairs.
PAIRED = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"[{PAIRED}]+|(?:(?![{PAIRED}])[^\W_])+")
HAS_PAIRED = re.compile(f"[{PAIRED}]")
LONGEST = 128
# Stands before what is left of a word without one of its letters; no folded text holds it.
SLIP = "±"


@dataclass(frozen=True)
class Run:
    """Letters that belong together, where they start in the folded text, and whether they are cut into pairs."""

    text: str
    start: int
    is_paired: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def runs(folded: str) -> Iterator[Run]:
    for found in RUN.finditer(folded):
        yield Run(found.group(), found.start(), HAS_PAIRED.match(found.group()) is not None)


def pairs(text: str) -> list[str]:
    """The overlapping pairs of a run; a single letter is itself."""
    return [text[place : place + 2] for place in range(len(text) - 1)] or [text]


def tokens(text: str) -> list[str]:
    """Every token of a text in order, folded, as both databases store them."""
    return tokens_of(fold(text))


def tokens_of(folded: str) -> list[str]:
    found: list[str] = []
    for run in runs(folded):
        if not run.is_paired:
            found.append(run.text[:LONGEST])
            continue
        found += pairs(run.text)
        if len(run.text) > 1:
            found.append(run.text[-1])
    return found
