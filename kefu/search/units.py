"""Reading a text word by word, as the table of ideas does: each Chinese character alone, English without its endings.

Small English words are left out and all ways of saying no are one, so that "hasn't been credited" reads as "not credit".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kefu.search.tokens import PAIRED

REMEMBERED = 8192
WORD = re.compile(rf"[{PAIRED}]|(?:(?![{PAIRED}])[^\W_])+(?:['’][a-z]+)?")
NOT = "not"
SAYING_NO = frozenset(
    re.findall(
        "[a-z]+",
        """
        not no never nothing none cannot cant dont didnt doesnt isnt wasnt wont hasnt havent couldnt wouldnt arent nobody
        """,
    )
)
SMALL = frozenset(
    re.findall(
        "[a-z]+",
        """
        a an the my your our his her their its it is are was were be been am do does did has have had having of to for i im
        ive we you he she they me us this that these those just please so very some any would could can may
        """,
    )
)
# With its ending it is what happened to somebody; without, what somebody does.
WHOLE = frozenset({"scammed"})
SHORTEST = 4
DOUBLED = re.compile(r"([b-df-hj-km-np-tv-z])\1$")


@dataclass(frozen=True)
class Unit:
    """A word without its endings, and where it stands in the folded text."""

    text: str
    start: int
    end: int


def units(folded: str) -> Iterator[Unit]:
    """The words of a folded text that say something, in order."""
    for found in WORD.finditer(folded):
        word = found.group()
        if word in SMALL:
            continue
        yield Unit(plain(word), found.start(), found.end())


@lru_cache(maxsize=REMEMBERED)
def plain(word: str) -> str:
    """A word as the table knows it: a negation, or the word without "'s" and its ending."""
    if "'" in word or "’" in word:
        head, _, tail = word.replace("’", "'").partition("'")
        if tail == "t":
            return NOT
        word = head
    return NOT if word in SAYING_NO else stem(word)


def stem(word: str) -> str:
    """An English word without the ending of its number or tense; roughly, for both sides are cut by the same rule."""
    if len(word) < SHORTEST or not word.isascii() or not word.isalpha() or word in WHOLE:
        return word
    word = _without_s(word)
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST - 1:
            word = DOUBLED.sub(r"\1", word.removesuffix(ending))
            break
    return word[:-1] if len(word) > SHORTEST and word.endswith("e") else word


def _without_s(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word if not word.endswith("s") or word.endswith(("ss", "us", "is")) else word[:-1]
