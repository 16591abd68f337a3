"""What somebody typed, read as the things that they want to find.

Words that only make a question are left out where there are others; each thing wanted knows which letters of the query it
stands for, so that a page can be judged by how much of the question it meets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kefu.search.folding import fold
from kefu.search.synonyms import OTHERS
from kefu.search.tokens import LONGEST, Run, pairs, runs
from kefu.search.words import Term

LONGEST_QUERY = 200
MOST_WANTED = 32
ASKING = re.compile(
    "为什么|怎么办|怎么样|怎么回事|怎样|怎么|在哪里|在哪|什么时候|什么|如何|请问|你好|您好|是不是|能不能|可不可以|我的|我们|我想|你们|哪里|一下|"
    "还是|已经|麻烦|谢谢|点解|咩事|[我你您的了吗呢啊吧么嘛]"
)
FILLERS = frozenset(
    re.findall(
        "[a-z]+",
        """
        a an and any are as at be been but by can could did do does for from get got had has have hello help hi how i if in is
        it its just me my of on or our please s should so still t that the then there they this to up us was we what when
        where which who why will with would you your
        """,
    )
)
# A run of letters or digits is worth two Chinese characters when a page is judged by how much of the question it meets.
WORTH = 2
BEGINNING = 3

EXACT, SAME_MEANING, SAME_BEGINNING = 1.0, 0.7, 0.5


@dataclass(frozen=True)
class Wanted:
    """One thing to find: the terms that would do, with how well each does, and the places of the query that it covers."""

    terms: tuple[tuple[Term, float], ...]
    covers: frozenset[int]


@dataclass(frozen=True)
class Query:
    wanted: tuple[Wanted, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(dict.fromkeys(term for one in self.wanted for term, _ in one.terms))

    @property
    def covers(self) -> frozenset[int]:
        return frozenset().union(*(one.covers for one in self.wanted))


def read_query(typed: str) -> Query:
    """The things wanted, in the order they were typed; none for an empty query or one of punctuation only."""
    folded = fold(typed[:LONGEST_QUERY])
    wanted = _wanted(_without_asking(folded)) or _wanted(list(runs(folded)))
    return Query(tuple(wanted[:MOST_WANTED]))


def _without_asking(folded: str) -> list[Run]:
    # Blanks keep the places of what is left.
    bare = ASKING.sub(lambda found: " " * len(found.group()), folded)
    return [run for run in runs(bare) if run.is_paired or run.text not in FILLERS]


def _wanted(found: list[Run]) -> list[Wanted]:
    return [one for run in found for one in (_pairs_wanted(run) if run.is_paired else [_word_wanted(run)])]


def _pairs_wanted(run: Run) -> Iterator[Wanted]:
    for place, pair in enumerate(pairs(run.text), run.start):
        exact = Term(pair, is_prefix=len(pair) == 1)
        yield Wanted(((exact, EXACT), *_same_meaning(pair)), frozenset(range(place, place + len(pair))))


def _word_wanted(run: Run) -> Wanted:
    word = run.text[:LONGEST]
    terms = [(Term(word), EXACT), *_same_meaning(word)]
    if len(word) > BEGINNING and word.endswith("s"):
        terms.append((Term(word[:-1]), SAME_MEANING))
    # A number or a word may be typed in part; one or two letters would begin half the dictionary.
    if len(word) >= BEGINNING or word.isdigit():
        terms.append((Term(word, is_prefix=True), SAME_BEGINNING))
    return Wanted(tuple(terms), frozenset(range(run.start, run.start + min(WORTH, len(run.text)))))


def _same_meaning(word: str) -> list[tuple[Term, float]]:
    return [(Term(other), SAME_MEANING) for other in OTHERS.get(word, ())]
