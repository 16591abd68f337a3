"""Text as the guard reads it: full width and script variants folded, invisible characters gone, every place remembered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kefu.safety.finders.patterns import INVISIBLE, LINE_ENDS, SIMPLER, SPACES

FOLDS_TO = re.compile(r"[0-9A-Za-z]+\Z")
LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True)
class Folded:
    """`plain` keeps case, `low` doesn't; `places` says where in the original each character stood."""

    plain: str
    low: str
    places: Sequence[int]

    def start_of(self, index: int) -> int:
        return self.places[index]

    def end_of(self, index: int) -> int:
        """Where in the original the stretch ends whose last character is just before this index."""
        return self.places[index - 1] + 1


def fold(text: str) -> Folded:
    if text.isascii():
        return Folded(text, text.translate(LOWER), range(len(text)))
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        folded = character if character < "\x80" else _folded(character)
        plain.append(folded)
        places += [place] * len(folded)
    whole = "".join(plain)
    return Folded(whole, whole.translate(LOWER), places)


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    if INVISIBLE.match(character):
        return ""
    if character in SIMPLER:
        return SIMPLER[character]
    if SPACES.match(character):
        return " "
    if LINE_ENDS.match(character):
        return "\n"
    # Other full-width signs stay: a full-width comma or stop ends a password, a narrow one may be part of it.
    normal = unicodedata.normalize("NFKC", character)
    return normal if FOLDS_TO.match(normal) else character
