"""Other words for what was asked: those that were searched too, and those that somebody may have meant who found nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache

import opencc

from kefu.search.folding import HAN, fold
from kefu.search.ideas import table
from kefu.search.query import Query
from kefu.search.slips import ideas_almost_sounding_like
from kefu.search.tokens import runs

MOST_WORDS = 4
WORDS_AN_IDEA = 2
# Of words that share less than this nobody would say that one was meant for the other.
CLOSE = 0.66
SHORTEST_WORD = 4


def other_words(query: Query, typed: str, language: str) -> list[str]:
    """Some of the words for the same ideas that were found too, in the reader's language."""
    folded = fold(typed)
    found: list[str] = []
    for idea in query.ideas:
        fresh = [word for word in words_for(idea, language) if fold(word) not in folded and word not in found]
        found += fresh[:WORDS_AN_IDEA]
    return found[:MOST_WORDS]


def suggestion(typed: str, language: str) -> str:
    """The words with those exchanged that are close to some of the trade; nothing if none are."""
    folded = fold(typed)
    exchanged = [_exchanged(run.text, language, is_chinese=run.is_paired) for run in runs(folded)]
    words = [new or old for new, old in exchanged]
    return " ".join(words) if any(new and new != old for new, old in exchanged) else ""


def words_for(idea: str, language: str) -> Iterator[str]:
    """The table's words for an idea in this language's script, the usual ones first."""
    is_chinese = language.startswith("zh")
    for phrase in table().words[idea]:
        if is_chinese and all(HAN.match(letter) for letter in phrase):
            yield _traditional().convert(phrase).replace("賬", "帳") if language == "zh-hant" else phrase
        elif not is_chinese and phrase.isascii():
            yield phrase


def _exchanged(text: str, language: str, *, is_chinese: bool) -> tuple[str, str]:
    if is_chinese:
        ideas: Iterable[str] = ideas_almost_sounding_like(text)
        return "".join(next(words_for(idea, language), "") for idea in ideas), text
    if len(text) < SHORTEST_WORD:
        return "", text
    return next(iter(get_close_matches(text, _words(), n=1, cutoff=CLOSE)), ""), text


@cache
def _words() -> tuple[str, ...]:
    phrases = (phrase for known in table().words.values() for phrase in known)
    return tuple(
        sorted({word for phrase in phrases for word in phrase.split() if word.isascii() and word.isalpha()})
    )


@cache
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2twp")
