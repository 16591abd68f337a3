"""The relevance set: what customers type, and the number of the article that answers it.

One half was looked at while the table of ideas was made; the other half is only measured. Which is which, a checksum says.
A stranger's questions are a set of their own: whoever wrote them had seen neither the table nor the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

RELEVANCE = Path(__file__).parents[1] / "relevance"
QUERIES, STRANGERS = RELEVANCE / "queries.txt", RELEVANCE / "queries-of-a-stranger.txt"
AMONG = 3
# The least shares that will do.
FIRST, AMONG_THREE = 0.80, 0.95
# On the average: whoever looks through more than these has not found it.
MOST_RESULTS = 6


@dataclass(frozen=True)
class Asked:
    """A question; some are answered as well by several articles."""

    numbers: frozenset[int]
    language: str
    query: str

    @property
    def is_held_out(self) -> bool:
        return crc32(self.query.encode()) % 2 == 1


@dataclass(frozen=True)
class Recall:
    """The shares of questions whose article comes first and among the first three, and the mean number of results."""

    asked: int
    first: float
    among_three: float
    results: float

    def __str__(self) -> str:
        return (
            f"recall@1 {self.first:.3f}, recall@3 {self.among_three:.3f} of {self.asked} questions,"
            f" {self.results:.1f} results each"
        )


# The numbers of the articles found, best first.
Finder = Callable[[Asked], Sequence[int]]


def asked(path: Path = QUERIES) -> list[Asked]:
    lines = (
        line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    )
    return [
        Asked(frozenset(map(int, numbers.split(","))), language, query)
        for numbers, language, query in (line.split("|") for line in lines)
    ]


def recall(questions: Iterable[Asked], find: Finder) -> Recall:
    places = [(one, list(find(one))) for one in questions]
    first = sum(not one.numbers.isdisjoint(found[:1]) for one, found in places)
    among = sum(not one.numbers.isdisjoint(found[:AMONG]) for one, found in places)
    results = sum(len(found) for _, found in places)
    return Recall(len(places), *(share / len(places) for share in (first, among, results)))
