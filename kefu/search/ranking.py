"""How well a thing answers, worked out here so that both databases order alike.

Each thing wanted is worth more the fewer things have it (the inverse document frequency of BM25: Robertson and Zaragoza, "The
Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3.2) and the weightier the part where it stands. How often
it stands there doesn't count: a page isn't a better answer for repeating itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass
from heapq import nlargest

from kefu.search.query import Query, Wanted
from kefu.search.words import Standing, ThingId

# What a term is worth in a title, among synonyms, in headings and the summary, and anywhere else.
WORTH = (1.0, 0.9, 0.45, 0.25)
# Less of the question than this, by worth and by letters, is chance: two letters of a sentence happen to stand somewhere.
LEAST_COVERED = 0.34
# A hit far behind the best one only shares a common word with it. The first few are shown all the same, for a reader looks
# through so many; what comes after them answers at least half as well as the best.
FIRST_FEW, LEAST_OF_BEST, LEAST_AFTER = 5, 0.12, 0.5
# What more have than this in their texts makes nothing a candidate by itself.
FEW = 300
# What stands further behind is read by nobody.
MOST_RANKED = 60


@dataclass(frozen=True)
class Scored:
    """A thing with its score."""

    thing: int
    score: float


@dataclass
class Tally:
    """What a thing has of the question: its score, the worth of what it meets, and the places met, a bit each."""

    score: float = 0.0
    met: float = 0.0
    covers: int = 0


def score(query: Query, standing: Standing) -> list[Scored]:
    """Things best first, from the terms' standing alone."""
    worths = {wanted: wanted.worth * rarity(wanted, standing) for wanted in query.wanted}
    somewhere = sum(worth for wanted, worth in worths.items() if _frequency(wanted, standing)) or 1.0
    tallies = {thing: Tally() for thing in candidates(query, standing)}
    for wanted, worth in worths.items():
        covers = sum(1 << place for place in wanted.covers)
        for thing, value in values(wanted, standing, tallies.keys()).items():
            tally = tallies[thing]
            tally.score += worth * value
            tally.met += worth
            tally.covers |= covers
    least_met, least_covered = LEAST_COVERED * sum(worths.values()), LEAST_COVERED * len(query.covers)
    found = [
        (tally.score * (tally.met / somewhere), thing)
        for thing, tally in tallies.items()
        if tally.met >= least_met or tally.covers.bit_count() >= least_covered
    ]
    least = LEAST_OF_BEST * max(found, default=(0.0, ""))[0]
    best = nlargest(MOST_RANKED, ((round(total, 9), -int(thing)) for total, thing in found if total >= least))
    return [
        Scored(-thing, total)
        for place, (total, thing) in enumerate(best)
        if place < FIRST_FEW or total >= LEAST_AFTER * best[0][0]
    ]


def candidates(query: Query, standing: Standing) -> set[ThingId]:
    """What is worth scoring: whoever has something in a weighty part, or has anywhere what few have."""
    found: set[ThingId] = set()
    for term in query.terms:
        *weighty, anywhere = standing.parts[term]
        found.update(*weighty, anywhere if len(anywhere) <= FEW else ())
    return found


def rarity(wanted: Wanted, standing: Standing) -> float:
    return math.log(1 + (standing.things + 1) / (_frequency(wanted, standing) + 1))


def values(wanted: Wanted, standing: Standing, among: Set[ThingId]) -> Mapping[ThingId, float]:
    """What each of these things has of what is wanted: its best term in the weightiest part."""
    found: dict[ThingId, float] = {}
    order = sorted(
        ((credit * worth, term, part) for term, credit in wanted.terms for part, worth in enumerate(WORTH)),
        key=lambda one: one[0],
    )
    # From the least to the best, so that the best is what stays.
    for value, term, part in order:
        things = standing.parts[term][part]
        # Most have nothing that is not a candidate; only what is common has.
        found.update(dict.fromkeys(things if len(things) <= FEW else among & frozenset(things), value))
    return found


def _frequency(wanted: Wanted, standing: Standing) -> int:
    return max(max(map(len, standing.parts[term])) for term, _ in wanted.terms)
