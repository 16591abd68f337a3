from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from kefu.safety.finders.folding import Folded
from kefu.safety.finders.patterns import GAP, HAN_GAP, LATIN_WORD, LONE_HAN, PHRASE_WORD
from kefu.safety.finders.spans import SecretKind, Span, has_any

LIST = Path(__file__).parents[1] / "data" / "bip39_english.txt"
WORDS = frozenset(LIST.read_text(encoding="utf-8").split())
# In two million words of documentation there were not eight words of the list in a row.
ENOUGH = 8
# With one word misspelt or foreign: eleven of twelve.
ENOUGH_WITH_SLIP, WHOLE = 11, 12
ENOUGH_WHEN_NAMED, NEAR_BEFORE = 4, 24
LISTED, LETTERS = b"\1", re.compile("[a-z]+")
# May stand between two words of a row and be none: "a)", "no 2", "3rd" and what else is so short, "and", and "iii".
LONGEST_BETWEEN = 2
BETWEEN = {"and", *("".join(some) for length in (3, 4, 5) for some in product("ivx", repeat=length))}
# Every word that names a phrase has one of these in it: most texts are done after a look that costs nothing.
PHRASE_PARTS = ("助记", "词", "短语", "seed", "mnemonic", "phrase", "recovery words")
HAN_ENOUGH, HAN_NEAR_BEFORE, HAN_NEAR_AFTER = 12, 40, 20
WIDEST_GAP, WIDEST_HAN_GAP = 12, 6


@dataclass(frozen=True)
class Word:
    start: int
    end: int
    is_listed: bool


def english_phrases(text: Folded) -> Iterable[Span]:
    """Eight words of the list in a row, or eleven with one stranger among them; four are enough behind "seed phrase"."""
    words = LETTERS.findall(text.low)
    return _english_phrases(text) if len(words) >= ENOUGH_WHEN_NAMED and _may_be_phrase(words) else ()


def _may_be_phrase(words: Sequence[str]) -> bool:
    """No phrase has fewer listed words in a row, with nothing that numbers or joins them between."""
    listed = bytes(map(WORDS.__contains__, words))
    if listed.count(LISTED) < ENOUGH_WHEN_NAMED:
        return False
    if LISTED * ENOUGH_WHEN_NAMED in listed:
        return True
    whole = (word in WORDS for word in words if len(word) > LONGEST_BETWEEN and word not in BETWEEN)
    return LISTED * ENOUGH_WHEN_NAMED in bytes(whole)


def _english_phrases(text: Folded) -> Iterator[Span]:
    row: list[Word] = []
    for match in LATIN_WORD.finditer(text.low):
        if row and not _is_gap(text.low, row[-1].end, match.start()):
            yield from _phrases(row, text)
            row = []
        row.append(Word(*match.span(), match.group() in WORDS))
    yield from _phrases(row, text)


def _is_gap(low: str, start: int, end: int) -> bool:
    return end - start <= WIDEST_GAP and GAP.search(low[start:end]) is not None


def _phrases(row: list[Word], text: Folded) -> Iterator[Span]:
    at = 0
    while at < len(row):
        run = _run(row, at)
        length = _phrase_length(row, at, run, text)
        if length:
            yield Span(row[at].start, row[at + length - 1].end, SecretKind.MNEMONIC)
        at += length or max(1, run)


def _phrase_length(row: list[Word], at: int, run: int, text: Folded) -> int:
    """How many words from here on are a seed phrase; 0 if they are talk."""
    after = _run(row, at + run + 1) if 0 < run < WHOLE else 0
    if 0 < after < WHOLE and run + after >= ENOUGH_WITH_SLIP:
        return run + 1 + after
    near = text.low[max(0, row[at].start - NEAR_BEFORE) : row[at].start]
    is_named = run >= ENOUGH_WHEN_NAMED and PHRASE_WORD.search(near)
    return run if run >= ENOUGH or is_named else 0


def _run(row: list[Word], at: int) -> int:
    """How many listed words stand here in a row."""
    end = at
    while end < len(row) and row[end].is_listed:
        end += 1
    return end - at


def chinese_phrases(text: Folded) -> Iterable[Span]:
    """Twelve single characters apart from each other, near a word that names them; talk has most of the list too."""
    low = text.low
    is_named = not low.isascii() and has_any(low, PHRASE_PARTS) and PHRASE_WORD.search(low)
    return _chinese_phrases(text) if is_named else ()


def _chinese_phrases(text: Folded) -> Iterator[Span]:
    row: list[tuple[int, int]] = []
    for match in LONE_HAN.finditer(text.low):
        if row and not _is_han_gap(text.low, row[-1][1], match.start()):
            yield from _chinese_phrase(row, text)
            row = []
        row.append(match.span())
    yield from _chinese_phrase(row, text)


def _is_han_gap(low: str, start: int, end: int) -> bool:
    return end - start <= WIDEST_HAN_GAP and HAN_GAP.search(low[start:end]) is not None


def _chinese_phrase(row: list[tuple[int, int]], text: Folded) -> Iterator[Span]:
    if len(row) < HAN_ENOUGH:
        return
    start, end = row[0][0], row[-1][1]
    before, after = text.low[max(0, start - HAN_NEAR_BEFORE) : start], text.low[end : end + HAN_NEAR_AFTER]
    if PHRASE_WORD.search(before) or PHRASE_WORD.search(after):
        yield Span(start, end, SecretKind.MNEMONIC)
