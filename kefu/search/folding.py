"""One form for words that people write in many: width, case, accents, and traditional for simplified characters."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc

# Strangers type whatever they like, so what is remembered of single letters has an end.
REMEMBERED = 8192
# One word written with either letter; both are in use on one page.
SAME_LETTERS = str.maketrans({"帐": "账", "您": "你"})
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Folded:
    """The folded text, and for each of its characters the place in the original that it came from."""

    text: str
    origins: tuple[int, ...]


def fold(text: str) -> str:
    """Full-width to half-width, lower case, no accents, simplified characters."""
    return fold_with_origins(text).text


def fold_with_origins(text: str) -> Folded:
    """The same, keeping where each character came from, so that a match can be marked in the original."""
    letters: list[str] = []
    origins: list[int] = []
    for place, letter in enumerate(text):
        for plain in _plain(letter):
            letters.append(plain)
            origins.append(place)
    return Folded(_simplified("".join(letters)), tuple(origins))


@lru_cache(maxsize=REMEMBERED)
def _plain(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    opened = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", letter).casefold())
    bare = "".join(part for part in opened if not unicodedata.combining(part) or _belongs_to_kana(part))
    return unicodedata.normalize("NFC", bare)


def _belongs_to_kana(mark: str) -> bool:
    return mark in "\u3099\u309a"


def _simplified(text: str) -> str:
    if not HAN.search(text):
        return text
    simplified: str = _converter().convert(text)
    if len(simplified) != len(text):
        # A phrase that changed its length would move every mark after it.
        simplified = "".join(_simplified_letter(letter) for letter in text)
    return simplified.translate(SAME_LETTERS)


@lru_cache(maxsize=REMEMBERED)
def _simplified_letter(letter: str) -> str:
    simplified: str = _converter().convert(letter)
    return simplified if len(simplified) == 1 else letter


@cache
def _converter() -> opencc.OpenCC:
    # The dictionaries take 25 MB; a process that never searches in Chinese does without.
    return opencc.OpenCC("t2s")
