"""What the index holds of a document: its tokens, stems and ideas, and in which part of it each stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kefu.search.folding import Folded, fold_with_origins
from kefu.search.ideas import Found, table, term_for
from kefu.search.parts import ANYWHERE, HEADINGS, SYNONYMS, TITLE
from kefu.search.registry import Searchable
from kefu.search.slips import without_a_letter
from kefu.search.tokens import SLIP, tokens_of
from kefu.search.units import Unit, stem, units

# Changed whenever the same text would make other terms.
FORM = 1
SHORTEST_SLIP = 5

# A line for each idea that a text says: its name, then where: start end start end...
Said = str


@dataclass(frozen=True)
class MadeOf:
    """The terms of a document, its folded body if that has the body's length, and where title and body say which idea."""

    terms: list[str]
    folded: str
    title_said: Said
    body_said: Said


def edition() -> str:
    """The name of the way in which documents are made today; one of another edition is made anew."""
    return f"{FORM}{table().edition}"[:16]


def made_of(thing: Searchable) -> MadeOf:
    """Every term by which a document is found, each with the mark of its part, and what is needed to show it as a hit.

    An idea inside a longer one, such as the bank in "bank card frozen", is filed where headings are, not in the title.
    """
    parts: Mapping[str, Iterable[str]] = {
        TITLE: [thing.title],
        SYNONYMS: thing.synonyms,
        HEADINGS: thing.headings,
        ANYWHERE: [thing.body],
    }
    terms: set[str] = set()
    title_said = body_said = body = ""
    for mark, texts in parts.items():
        for text in texts:
            folded = fold_with_origins(text)
            read = list(units(folded.text))
            ideas = list(table().found_in(read))
            terms |= _marked(mark, _words(folded.text, with_slips=bool(mark)), ideas)
            if mark == TITLE:
                title_said = _said(ideas, read, folded)
            if mark == ANYWHERE:
                body_said = _said(ideas, read, folded)
                body = folded.text if len(folded.text) == len(text) else ""
    return MadeOf(sorted(terms), body, title_said, body_said)


def where_said(said: Said, ideas: Iterable[str]) -> list[tuple[int, int]]:
    """The stretches of a text that say any of these ideas."""
    found: list[tuple[int, int]] = []
    for idea in ideas:
        start = said.find(f"\n{idea} ") + 1
        if start:
            places = [int(place) for place in said[start : said.index("\n", start)].split(" ")[1:]]
            found += zip(places[::2], places[1::2], strict=True)
    return found


def _marked(mark: str, words: set[str], ideas: Iterable[Found]) -> set[str]:
    outer = words | {term_for(one.idea) for one in ideas if not one.is_inner}
    inner = {term_for(one.idea) for one in ideas if one.is_inner}
    below = HEADINGS if mark else ANYWHERE
    return outer | inner | {mark + term for term in outer} | {below + term for term in inner}


def _words(folded: str, *, with_slips: bool) -> set[str]:
    found = set(tokens_of(folded))
    words = {word for word in found if word.isascii() and word.isalpha()}
    found |= {stem(word) for word in words}
    if with_slips:
        found |= {
            SLIP + left for word in words if len(word) >= SHORTEST_SLIP for left in without_a_letter(word)
        }
    return found


def _said(ideas: Iterable[Found], read: list[Unit], folded: Folded) -> Said:
    found: dict[str, list[int]] = {}
    for one in ideas:
        start, end = read[one.start].start, read[one.end - 1].end
        found.setdefault(one.idea, []).extend((folded.origins[start], folded.origins[end - 1] + 1))
    return "\n" + "".join(f"{idea} {' '.join(map(str, places))}\n" for idea, places in found.items())
