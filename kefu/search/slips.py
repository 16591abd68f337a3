"""Words not typed as they are written: a letter wrong, Latin letters for Chinese, characters that only sound alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from kefu.search.folding import HAN, fold
from kefu.search.ideas import table
from kefu.search.sounds import LONGEST_SYLLABLE, blurred, is_spelling, readings, spellings, syllables

REMEMBERED = 4096
# A slip in a shorter word makes another word.
SHORTEST_MENDED = 5
TWO_SLIPS_FROM = 9
SHORTEST_SOUND = 4
LEAST_SYLLABLES = 2
INITIALS = range(3, 6)
# The most characters of a phrase that are listened to.
LONGEST_PHRASE = 6

Sounds = Mapping[str, tuple[str, ...]]


def without_a_letter(word: str) -> set[str]:
    """The word, and it without each of its letters: two words with one slip between them share one of these."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


@lru_cache(maxsize=REMEMBERED)
def mended(word: str) -> str | None:
    """The word of the table that this one is a slip for, if there is one that is near; None for a word that is right.

    A letter too much, too few, another or two exchanged; in a long word two of these.
    """
    # A syllable of Chinese is part of what is spelled with its neighbours.
    if len(word) < SHORTEST_MENDED or not (word.isascii() and word.isalpha()) or word in syllables():
        return None
    near = {one for left in without_a_letter(word) for one in _by_what_is_left().get(left, ())}
    best = min(((slips_between(word, one), one) for one in near), default=None)
    if best is None:
        return None
    return best[1] if best[0] <= (1 if len(word) < TWO_SLIPS_FROM else 2) else None


def slips_between(one: str, other: str) -> int:
    """The distance of Damerau and Levenshtein in its form where no stretch is edited twice."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, second in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != second))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == second:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def ideas_spelled(letters: str) -> list[str]:
    """The ideas in a row of Latin letters that spell Chinese, joined or with the blanks already taken out."""
    # On a keyboard "v" stands for "ü", which is "u" without its dots.
    letters = letters.replace("v", "u")
    if not is_spelling(letters):
        return _ideas_by_initials(letters)
    found: list[str] = []
    place = 0
    while place < len(letters):
        length = next(
            (
                size
                for size in range(24, SHORTEST_SOUND - 1, -1)
                if letters[place : place + size] in _by_sound()
            ),
            0,
        )
        if length:
            found += _by_sound()[letters[place : place + length]]
        place += length or _first_syllable(letters[place:])
    return found


def ideas_sounding_like(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where Chinese characters sound like the words for an idea: start, end, ideas; the longest first from the left."""
    place = 0
    while place < len(text) - 1:
        for end in range(min(len(text), place + LONGEST_PHRASE), place + 1, -1):
            found = _sounding_like(text[place:end])
            if found:
                yield place, end, found
                place = end
                break
        else:
            place += 1


def ideas_almost_sounding_like(text: str) -> list[str]:
    """The same more loosely, as a question and not as an answer: sounds that many speakers don't tell apart."""
    found: list[str] = []
    place = 0
    while place < len(text) - 1:
        ideas, place = _almost_at(text, place)
        found += ideas
    return found


def _almost_at(text: str, place: int) -> tuple[list[str], int]:
    for end in range(min(len(text), place + LONGEST_PHRASE), place + 1, -1):
        for spelled in spellings(text[place:end]):
            ideas = _by_blurred_sound().get("".join(map(blurred, spelled)))
            if ideas:
                return list(ideas[:1]), end
    return [], place + 1


@lru_cache(maxsize=REMEMBERED)
def _sounding_like(text: str) -> tuple[str, ...]:
    exact = {idea for spelled in spellings(text) for idea in _by_sound().get("".join(spelled), ())}
    if exact or len(text) <= LEAST_SYLLABLES:
        return tuple(sorted(exact))
    unclear = {
        idea
        for spelled in spellings(text)
        for idea in _by_blurred_sound().get("".join(map(blurred, spelled)), ())
    }
    return tuple(sorted(unclear))


def _first_syllable(letters: str) -> int:
    return next((size for size in range(LONGEST_SYLLABLE, 0, -1) if letters[:size] in syllables()), 1)


def _ideas_by_initials(letters: str) -> list[str]:
    return list(_by_initials().get(letters, ())) if len(letters) in INITIALS else []


def _chinese_phrases() -> Iterator[tuple[str, str]]:
    for idea, phrases in table().words.items():
        for phrase in phrases:
            folded = fold(phrase)
            if len(folded) >= LEAST_SYLLABLES and all(HAN.match(letter) for letter in folded):
                yield idea, folded


@cache
def _by_what_is_left() -> dict[str, list[str]]:
    left: dict[str, list[str]] = {}
    for word in table().vocabulary:
        if len(word) >= SHORTEST_MENDED:
            for rest in without_a_letter(word):
                left.setdefault(rest, []).append(word)
    return left


@cache
def _by_sound() -> Sounds:
    return _collected(
        ("".join(spelled), idea) for idea, phrase in _chinese_phrases() for spelled in spellings(phrase)
    )


@cache
def _by_blurred_sound() -> Sounds:
    return _collected(
        ("".join(map(blurred, spelled)), idea)
        for idea, phrase in _chinese_phrases()
        for spelled in spellings(phrase)
    )


@cache
def _by_initials() -> Sounds:
    return _collected(
        ("".join(readings(letter)[0][0] for letter in phrase), idea)
        for idea, phrase in _chinese_phrases()
        if len(phrase) in INITIALS and all(readings(letter) for letter in phrase)
    )


def _collected(pairs: Iterable[tuple[str, str]]) -> Sounds:
    found: dict[str, list[str]] = {}
    for key, idea in pairs:
        if idea not in found.setdefault(key, []):
            found[key].append(idea)
    return {key: tuple(ideas) for key, ideas in found.items()}
