"""How well a document answers: BM25F over counted tokens, worked out here so that both databases order alike.

After Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.6: the counts of a
token in the fields are added with the fields' weights before they saturate.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kefu.search.query import Query, Wanted
from kefu.search.words import Standing, Term, Thing

SATURATION = 5.0
# The length that counts as usual, in tokens; a constant, so that adding a document moves no other.
USUAL_LENGTH = 900
LENGTH_MATTERS = 0.3
OTHER_LANGUAGE = 0.85
# Less of the question than this is chance: two letters of a long sentence happen to stand in some article.
LEAST_COVERED = 0.34
# A hit far behind the best one only shares a common word with it.
LEAST_OF_BEST = 0.12

# What is in a title counts this much more when things are chosen for ranking.
TITLE_FIRST = 3.0
MOST_RANKED = 60

# Each token with its counts, the fields' weights already in them.
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Counted:
    """A document as ranking sees it."""

    document_id: int
    thing: Thing
    language: str
    counts: Counts
    length: int


@dataclass(frozen=True)
class Ranked:
    """A thing with its score and the document to show: the reader's language if there is one, else what answers best."""

    thing: Thing
    score: float
    is_in_language: bool
    shown: int


def shortlist(query: Query, standing: Standing, rarity: Mapping[Wanted, float]) -> set[Thing]:
    """The things that are worth counting in: those that have most of what is wanted, the rare and the titles first."""
    scores: dict[Thing, float] = {}
    for wanted in query.wanted:
        for thing, credit in _worths(wanted, standing).items():
            scores[thing] = scores.get(thing, 0.0) + rarity[wanted] * credit
    return set(sorted(scores, key=lambda thing: (-round(scores[thing], 9), thing))[:MOST_RANKED])


def _worths(wanted: Wanted, standing: Standing) -> dict[Thing, float]:
    worths: dict[Thing, float] = {}
    for term, credit in wanted.terms:
        for thing in standing.anywhere[term]:
            worth = credit * (TITLE_FIRST if thing in standing.titles[term] else 1.0)
            worths[thing] = max(worths.get(thing, 0.0), worth)
    return worths


def rank(
    query: Query, found: Iterable[Counted], *, rarity: Mapping[Wanted, float], language: str
) -> list[Ranked]:
    """Things best first, those that can be read in the language before the others.

    All languages of a thing answer together, each part of the question by the one that answers it best, so that a question
    that mixes languages finds it too.
    """
    things: dict[Thing, list[Counted]] = {}
    for one in found:
        things.setdefault(one.thing, []).append(one)
    ranked = [_ranked(query, documents, rarity, language) for documents in things.values()]
    best = max((one.score for one in ranked), default=0.0)
    good = [one for one in ranked if one.score > 0 and one.score >= best * LEAST_OF_BEST]
    return sorted(good, key=lambda one: (not one.is_in_language, -one.score, one.thing))


def rarity(query: Query, documents: int, frequencies: Mapping[Term, int]) -> dict[Wanted, float]:
    """How much it says that a document has what is wanted: little if nearly all have it."""
    return {
        wanted: math.log(1 + (documents + 1) / (max(frequencies[term] for term, _ in wanted.terms) + 1))
        for wanted in query.wanted
    }


def _ranked(query: Query, documents: list[Counted], rarity: Mapping[Wanted, float], language: str) -> Ranked:
    by_document = {
        one.document_id: [
            _answer(wanted, one, rarity[wanted]) * _nearness(one, language) for wanted in query.wanted
        ]
        for one in documents
    }
    best = [max(answers) for answers in zip(*by_document.values(), strict=True)]
    met = frozenset().union(
        *(wanted.covers for wanted, answer in zip(query.wanted, best, strict=True) if answer)
    )
    covered = len(met) / len(query.covers)
    shown = min(
        documents,
        key=lambda one: (one.language != language, -sum(by_document[one.document_id]), one.document_id),
    )
    return Ranked(
        thing=documents[0].thing,
        score=round(sum(best) * covered, 9) if covered >= LEAST_COVERED else 0.0,
        is_in_language=shown.language == language,
        shown=shown.document_id,
    )


def _nearness(one: Counted, language: str) -> float:
    return 1.0 if one.language == language else OTHER_LANGUAGE


def _answer(wanted: Wanted, one: Counted, rarity: float) -> float:
    return rarity * max(credit * _weight(term, one) for term, credit in wanted.terms)


def _weight(term: Term, one: Counted) -> float:
    counted = sum(_matching(term, one.counts))
    usual = 1 - LENGTH_MATTERS + LENGTH_MATTERS * one.length / USUAL_LENGTH
    return counted / (SATURATION * usual + counted)


def _matching(term: Term, counts: Counts) -> Iterable[int]:
    if term.is_prefix:
        return [count for token, count in counts.items() if term.is_met_by(token)]
    return [counts.get(term.text, 0)]
