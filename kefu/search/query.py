"""What somebody typed, read as the things that they want to find.

First the ideas in it, in whatever words, spelling or slip of the finger; then its own words and pairs of characters, which
count for less where an idea stands for them already. Words that only make a question are left out where there are others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kefu.search.folding import fold
from kefu.search.ideas import table, term_for
from kefu.search.slips import ideas_sounding_like, ideas_spelled, mended, without_a_letter
from kefu.search.tokens import LONGEST, SLIP, Run, pairs, runs
from kefu.search.units import NOT, Unit, stem, units
from kefu.search.words import MOST_LOOKS, Term

LONGEST_QUERY = 200
MOST_WANTED = 32
ASKING = re.compile(
    "为什么|怎么办|怎么样|怎么回事|怎样|怎么|在哪里|在哪|什么时候|什么|如何|请问|你好|是不是|能不能|可不可以|可以|我的|我们|我想|"
    "我要|你们|哪里|一下|还是|已经|麻烦|谢谢|点解|咩事|这个|那个|一直|[我你的了吗呢啊吧么嘛想要把被是在和都就也很]"
)
FILLERS = frozenset(
    re.findall(
        "[a-z]+",
        """
        a about an and any are as at be been but by can could did do does for from get got had has have hello help hi how i
        if in is it its just me my no not of on or our out please s should so still t that the then there they this to
        up us was we what when where which who why will with would you your
        """,
    )
)
# An error code, a network, a restriction: a figure in three signs or more.
CODE = re.compile(r"(?=.*\d).{3}")
BEGINNING = 3
SHORTEST_SLIP = 5

EXACT, SAME_STEM, NEAR, SAME_BEGINNING = 1.0, 0.9, 0.6, 0.5
SAID, INSIDE, SOUNDED, LITTLE = 1.0, 0.3, 0.75, 0.5
# An idea is a word or two; a pair is half of one, and only an echo where an idea has been found for both of its characters.
PAIR, PAIR_OF_IDEA, WORD, WORD_OF_IDEA = 0.5, 0.2, 1.0, 0.3


@dataclass(frozen=True)
class Wanted:
    """One thing to find: the terms that would do, how well each does, its worth, and the places in the query."""

    terms: tuple[tuple[Term, float], ...]
    covers: frozenset[int]
    worth: float = 1.0


@dataclass(frozen=True)
class Query:
    """The things wanted; `ideas` are those said outright, `mended` the words that were taken for slips, with what for."""

    wanted: tuple[Wanted, ...]
    ideas: tuple[str, ...] = ()
    mended: tuple[tuple[str, str], ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(dict.fromkeys(term for one in self.wanted for term, _ in one.terms))

    @property
    def covers(self) -> frozenset[int]:
        return frozenset().union(*(one.covers for one in self.wanted))


@dataclass(frozen=True)
class Meant:
    """An idea in a query, how surely, and the places that say it."""

    idea: str
    surely: float
    covers: frozenset[int]


def read_query(typed: str) -> Query:
    """The things wanted, in the order they were typed; none for an empty query or one of punctuation only."""
    folded = fold(typed[:LONGEST_QUERY])
    said, slips = _mended(list(units(folded)), folded)
    meant = list(_meant(said))
    meant += _spelled(said, _covered(meant), folded)
    bare = _without_asking(folded)
    meant += _sounding_like(bare, _covered(meant))
    covered = _covered(meant)
    surest = _surest(meant)
    named = Counter(one.covers for one in surest if one.idea in table().little)
    wanted = [_idea_wanted(one, among=named[one.covers]) for one in surest]
    wanted += _words_wanted(bare, covered) or ([] if wanted else _words_wanted(list(runs(folded)), covered))
    return Query(
        tuple(_affordable(wanted[:MOST_WANTED])),
        tuple(dict.fromkeys(one.idea for one in meant if one.surely > INSIDE)),
        slips,
    )


def _mended(said: Sequence[Unit], folded: str) -> tuple[list[Unit], tuple[tuple[str, str], ...]]:
    found: list[Unit] = []
    slips: list[tuple[str, str]] = []
    for unit in said:
        is_right = unit.text in table().vocabulary or ideas_spelled(folded[unit.start : unit.end])
        right = None if is_right else mended(unit.text)
        if right:
            slips.append((unit.text, right))
        found.append(Unit(right or unit.text, unit.start, unit.end))
    return found, tuple(slips)


def _meant(said: Sequence[Unit]) -> Iterator[Meant]:
    for one in table().found_in(said):
        if said[one.start].text == NOT and one.end == one.start + 1:
            continue
        yield Meant(one.idea, INSIDE if one.is_inner else SAID, _places(said[one.start : one.end]))


def _places(said: Sequence[Unit]) -> frozenset[int]:
    return frozenset(place for unit in said for place in range(unit.start, unit.end))


def _spelled(said: Sequence[Unit], covered: frozenset[int], folded: str) -> list[Meant]:
    """Latin letters that are Chinese: neighbours are read together, for many type a blank after each syllable."""
    found: list[Meant] = []
    row: list[str] = []
    places: frozenset[int] = frozenset()
    for unit in [*said, Unit("", -1, -1)]:
        # As it was typed: the endings of English are letters of Chinese.
        word = folded[unit.start : unit.end] if unit.text else ""
        if word.isascii() and word.isalpha() and not covered & _places([unit]):
            row.append(word)
            places |= _places([unit])
            continue
        ideas = ideas_spelled("".join(row)) or [idea for word in row for idea in ideas_spelled(word)]
        found += [Meant(idea, SOUNDED, places) for idea in ideas]
        row, places = [], frozenset()
    return found


def _sounding_like(bare: Sequence[Run], covered: frozenset[int]) -> list[Meant]:
    found: list[Meant] = []
    for run in bare:
        for left in _uncovered(run, covered):
            for start, end, ideas in ideas_sounding_like(left.text):
                places = frozenset(range(left.start + start, left.start + end))
                found += [Meant(idea, SOUNDED, places) for idea in ideas]
    return found


def _uncovered(run: Run, covered: frozenset[int]) -> Iterator[Run]:
    if not run.is_paired:
        return
    start = run.start
    for place in range(run.start, run.end + 1):
        if place == run.end or place in covered:
            if place - start > 1:
                yield Run(run.text[start - run.start : place - run.start], start, is_paired=True)
            start = place + 1


def _covered(meant: Sequence[Meant]) -> frozenset[int]:
    return frozenset().union(*(one.covers for one in meant))


def _surest(meant: Sequence[Meant]) -> list[Meant]:
    """Each idea once, as surely as it was said anywhere."""
    best: dict[str, Meant] = {}
    for one in meant:
        known = best.get(one.idea)
        if known is None or one.surely > known.surely:
            best[one.idea] = one
    return list(best.values())


def _idea_wanted(meant: Meant, *, among: int) -> Wanted:
    """A name's own idea and that of its kind stand on the same place and share what it is worth."""
    worth = meant.surely * (LITTLE / among if meant.idea in table().little else 1)
    return Wanted(((Term(term_for(meant.idea)), EXACT),), meant.covers, worth)


def _without_asking(folded: str) -> list[Run]:
    # Blanks keep the places of what is left.
    bare = ASKING.sub(lambda found: " " * len(found.group()), folded)
    return [run for run in runs(bare) if run.is_paired or run.text not in FILLERS]


def _words_wanted(found: Sequence[Run], covered: frozenset[int]) -> list[Wanted]:
    wanted: list[Wanted] = []
    for run in found:
        wanted += _pairs_wanted(run, covered) if run.is_paired else [_word_wanted(run, covered)]
    return wanted


def _pairs_wanted(run: Run, covered: frozenset[int]) -> Iterator[Wanted]:
    for place, pair in enumerate(pairs(run.text), run.start):
        covers = frozenset(range(place, place + len(pair)))
        is_echo = covers <= covered
        term = Term(pair, is_prefix=len(pair) == 1, is_echo=is_echo)
        yield Wanted(((term, EXACT),), covers, PAIR_OF_IDEA if is_echo else PAIR)


def _word_wanted(run: Run, covered: frozenset[int]) -> Wanted:
    word = run.text[:LONGEST]
    places = frozenset(range(run.start, run.end))
    # A code says itself which one is meant; the idea that knows it is only its kind.
    is_echo = places <= covered and not CODE.match(word)
    terms = [(Term(word, is_echo=is_echo), EXACT)]
    if stem(word) != word:
        terms.append((Term(stem(word), is_echo=is_echo), SAME_STEM))
    if is_echo:
        return Wanted(tuple(terms), places, WORD_OF_IDEA)
    # A number or a word may be typed in part; one or two letters would begin half the dictionary.
    if len(word) >= BEGINNING or word.isdigit():
        terms.append((Term(word, is_prefix=True), SAME_BEGINNING))
    if len(word) >= SHORTEST_SLIP and word.isascii() and word.isalpha():
        first, *others = (SLIP + left for left in sorted(without_a_letter(word)))
        terms.append((Term(first, others=tuple(others)), NEAR))
    return Wanted(tuple(terms), places, WORD)


def _affordable(wanted: Sequence[Wanted]) -> list[Wanted]:
    """The same, without the terms that are worth least where there are more than can be looked for at once."""
    best: dict[Term, float] = {}
    for one in wanted:
        for term, credit in one.terms:
            best[term] = max(best.get(term, 0.0), credit * one.worth)
    looks, kept = 0, set()
    for term in sorted(best, key=lambda term: -best[term]):
        looks += term.looks
        if looks > MOST_LOOKS:
            break
        kept.add(term)
    left = [replace(one, terms=tuple(pair for pair in one.terms if pair[0] in kept)) for one in wanted]
    return [one for one in left if one.terms]
