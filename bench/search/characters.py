"""The reference for relevance: plain BM25 over characters, as a search without any knowledge of words or of the trade.

Robertson and Zaragoza (2009), section 3.2, with the usual k1 and b; Latin in lower case, no blanks, all fields one text.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from kefu.search.registry import Searchable

K1, B = 1.2, 0.75


class Characters:
    """Articles by their characters; an article is as good as its best language."""

    def __init__(self, things: Iterable[Searchable]) -> None:
        self.documents = [(one.object_id, Counter(_letters(_text(one)))) for one in things]
        self.lengths = [sum(counts.values()) for _, counts in self.documents]
        self.usual = sum(self.lengths) / len(self.lengths)
        self.having = Counter(letter for _, counts in self.documents for letter in counts)

    def find(self, query: str) -> Sequence[int]:
        letters = set(_letters(query))
        best: dict[int, float] = {}
        for (number, counts), length in zip(self.documents, self.lengths, strict=True):
            score = sum(
                self._weight(counts[letter], length, letter) for letter in letters if letter in counts
            )
            best[number] = max(best.get(number, 0.0), score)
        return sorted(best, key=lambda number: (-best[number], number))

    def _weight(self, count: int, length: int, letter: str) -> float:
        having = self.having[letter]
        rarity = math.log(1 + (len(self.documents) - having + 0.5) / (having + 0.5))
        return rarity * count * (K1 + 1) / (count + K1 * (1 - B + B * length / self.usual))


def _letters(text: str) -> list[str]:
    return [letter for letter in text.lower() if not letter.isspace()]


def _text(one: Searchable) -> str:
    return " ".join([one.title, *one.synonyms, *one.headings, one.body])
