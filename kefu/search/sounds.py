"""How Chinese is spelled in Latin letters, without tones: for who types it so, and for characters that only sound alike."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import import_module
from itertools import islice, product

from kefu.search.folding import HAN

REMEMBERED = 8192
# Of most characters only the first reading is an everyday one; of these the second is, too.
READ_TWO_WAYS = frozenset("重行还长调数处")
MOST_SPELLINGS = 8
LONGEST_SYLLABLE = 6
# What many speakers don't tell apart: zh and z, ng and n.
BLURRED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"))


@lru_cache(maxsize=REMEMBERED)
def readings(letter: str) -> tuple[str, ...]:
    """The syllables that a character may be, the usual one first; none for what is no Chinese character."""
    if not HAN.match(letter):
        return ()
    found = _dictionary().get(ord(letter), "").split(",")
    everyday = 2 if letter in READ_TWO_WAYS else 1
    return tuple(dict.fromkeys(_toneless(one) for one in found if one))[:everyday]


def spellings(text: str) -> Iterator[tuple[str, ...]]:
    """The ways to spell a run of Chinese characters, each a syllable a character; none if one of them has no sound."""
    return islice(product(*(readings(letter) for letter in text)), MOST_SPELLINGS)


def blurred(syllable: str) -> str:
    """A syllable as those say it who make fewer differences."""
    for clear, unclear in BLURRED:
        syllable = syllable.replace(clear, unclear)
    return syllable


def is_spelling(word: str) -> bool:
    """Whether these letters can be read as syllables from one end to the other."""
    reached = {0}
    for end in range(1, len(word) + 1):
        if any(
            start in reached and word[start:end] in syllables()
            for start in range(max(0, end - LONGEST_SYLLABLE), end)
        ):
            reached.add(end)
    return len(word) in reached


@cache
def syllables() -> frozenset[str]:
    """All that a character of everyday use may sound like."""
    everyday = (chr(code) for code in range(0x4E00, 0x9FA6))
    return frozenset(_toneless(_dictionary().get(ord(letter), "").split(",")[0]) for letter in everyday) - {
        ""
    }


def _toneless(spelled: str) -> str:
    opened = unicodedata.normalize("NFD", spelled)
    return "".join(part for part in opened if not unicodedata.combining(part)).replace("ê", "e")


@cache
def _dictionary() -> dict[int, str]:
    # 13 MB, and late: who is never asked for sounds does without. Its phrases would be four times as much.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    found: dict[int, str] = import_module("pypinyin.pinyin_dict").pinyin_dict
    return found
