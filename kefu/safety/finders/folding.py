"""Text as the guard reads it: full width and script variants folded, invisible characters gone, every place remembered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kefu.safety.finders.patterns import INVISIBLE, LINE_ENDS, NUMERALS, SIMPLER, SPACES

FOLDS_TO = re.compile(r"[0-9A-Za-z]+\Z")
MOST_KNOWN = 8_192
# Most texts have none but these, which grow with what is written: capitals of ASCII are the only ones among them.
AS_THEY_ARE = {chr(code) for code in range(0x80)}
CAPITALS = re.compile("[A-Z]+")


@dataclass(slots=True)
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
    if text.isascii() or AS_THEY_ARE.issuperset(text):
        return Folded(text, text.lower(), range(len(text)))
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        folded = _folded(character)
        plain.append(folded)
        places += [place] * len(folded)
    whole = "".join(plain)
    return Folded(whole, _lower(whole), places)


def _lower(text: str) -> str:
    """Other scripts' letters keep their case."""
    return CAPITALS.sub(lambda found: found.group().lower(), text)


@lru_cache(maxsize=MOST_KNOWN)
def _folded(character: str) -> str:
    folded = _fold_one(character)
    if folded == character == character.lower() and len(AS_THEY_ARE) < MOST_KNOWN:
        AS_THEY_ARE.add(character)
    return folded


def _fold_one(character: str) -> str:
    if INVISIBLE.match(character):
        return ""
    if character in SIMPLER:
        return SIMPLER[character]
    if SPACES.match(character):
        return " "
    if LINE_ENDS.match(character):
        return "\n"
    if NUMERALS.match(character):
        return character
    # Other full-width signs stay: a full-width comma or stop ends a password, a narrow one may be part of it.
    normal = unicodedata.normalize("NFKC", character)
    return normal if FOLDS_TO.match(normal) else character
