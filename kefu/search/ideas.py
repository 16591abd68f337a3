"""What people mean: the table `data/ideas.txt` of the trade's ideas, found in texts and in questions by any word for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import product
from pathlib import Path

from kefu.search.folding import fold
from kefu.search.units import Unit, units

TABLE = Path(__file__).parent / "data" / "ideas.txt"
CHOICE = re.compile(r"\{([^}]*)\}")
# Stands before the name of an idea in the index; no folded text holds it.
SIGN = "°"


def term_for(idea: str) -> str:
    """The idea as a term of the index: one token in both databases."""
    return SIGN + idea.replace("_", SIGN)


@dataclass(frozen=True)
class Found:
    """An idea that a stretch of units says; one inside a longer one is `inner`."""

    idea: str
    start: int
    end: int
    is_inner: bool = False


@dataclass
class Node:
    after: dict[str, Node] = field(default_factory=dict)
    ideas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """Every idea with its words, and the tree of units by which they are found."""

    words: dict[str, tuple[str, ...]]
    tree: Node
    # The units of all phrases: what a word that is none of them may be a slip for.
    vocabulary: frozenset[str]
    edition: str
    # Ideas that say what it is about and not what is the trouble.
    little: frozenset[str] = frozenset()

    def found_in(self, said: Sequence[Unit]) -> Iterator[Found]:
        """Every idea that these units say, the longest reading from the left first, then what stands inside of it."""
        until = 0
        for start in range(len(said)):
            for length, node in reversed(list(self._from(said, start))):
                for idea in node.ideas:
                    yield Found(idea, start, start + length, is_inner=start < until)
                until = max(until, start + length)

    def _from(self, said: Sequence[Unit], start: int) -> Iterator[tuple[int, Node]]:
        node = self.tree
        for length, unit in enumerate(said[start:], 1):
            follows = node.after.get(unit.text)
            if follows is None:
                return
            node = follows
            if node.ideas:
                yield length, node


@cache
def table() -> Table:
    """The table as it was delivered, read once."""
    return read_table(TABLE.read_text())


def read_table(text: str) -> Table:
    """Lines of `idea = phrase, phrase`, where {a,b} stands for either; `idea~` says little by itself."""
    words: dict[str, tuple[str, ...]] = {}
    little: set[str] = set()
    tree = Node()
    vocabulary: set[str] = set()
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, phrases = line.partition(" = ")
        idea = name.removesuffix("~")
        if idea != name:
            little.add(idea)
        words[idea] = tuple(phrase for phrase in _phrases(phrases))
        for phrase in words[idea]:
            _plant(tree, idea, phrase, vocabulary)
    return Table(
        words, tree, frozenset(vocabulary), sha256(text.encode()).hexdigest()[:16], frozenset(little)
    )


def _phrases(text: str) -> Iterator[str]:
    for phrase in re.split(r",\s+", text):
        parts = CHOICE.split(phrase)
        # Every other part is a choice.
        yield from ("".join(chosen) for chosen in product(*_choices(parts)))


def _choices(parts: Sequence[str]) -> list[list[str]]:
    return [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]


def _plant(tree: Node, idea: str, phrase: str, vocabulary: set[str]) -> None:
    folded = fold(phrase)
    said = [unit.text for unit in units(folded)]
    # "where is" without its small words would be "where", which says something else.
    if not said or (len(said) == 1 and " " in folded):
        return
    vocabulary.update(text for text in said if text.isascii() and text.isalpha())
    node = tree
    for text in said:
        node = node.after.setdefault(text, Node())
    if idea not in node.ideas:
        node.ideas = (*node.ideas, idea)
