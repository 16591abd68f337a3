"""Showing why a hit was found: the matching parts of a title, and the passage of a text where most of them stand.

Text goes out in segments, never as HTML, so that a page can only escape it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kefu.search.folding import Folded, fold, fold_with_origins
from kefu.search.tokens import HAS_PAIRED
from kefu.search.words import Term

SENTENCE_ENDS = "。！？!?\n"
WIDTH = 150
LOOK_BACK = 40
# Titles are marked again with each search that finds them: those of a thousand articles in three languages.
REMEMBERED, LONGEST_TITLE = 4096, 200

# Where a text matches: from here up to there.
Span = tuple[int, int]


@dataclass(frozen=True)
class Segment:
    text: str
    is_match: bool = False


def mark(text: str, terms: Sequence[Term], *, said: Iterable[Span] = ()) -> tuple[Segment, ...]:
    """The whole text, its matching parts told from the rest; `said` are the parts that say what was meant in other words."""
    return _segments(text, _matches(text, terms, said), 0, len(text))


def snippet(
    text: str, terms: Sequence[Term], *, said: Iterable[Span] = (), folded: str = "", width: int = WIDTH
) -> tuple[Segment, ...]:
    """The passage with most matches, begun at a sentence where one is near; the beginning when nothing matches.

    `folded` is the folded text if it is known and as long as the text.
    """
    matches = _matches(text, terms, said, folded)
    start = _sentence_start(text, _densest(matches, width))
    end = min(len(text), start + width)
    if end < len(text) and text[end].isascii() and text[end].isalnum():
        end = max(text.rfind(" ", start, end), start) or end
    passage = _segments(text, matches, start, end)
    before = [Segment("…")] if start else []
    after = [Segment("…")] if end < len(text) else []
    return (*before, *(Segment(one.text.replace("\n", " "), one.is_match) for one in passage), *after)


def without_other_figures(text: str, said: Iterable[Span], figures: Collection[str]) -> list[Span]:
    """To whom asks for 429, another code of its kind says something else, though both are one idea."""
    return [
        (start, end)
        for start, end in said
        if not (figures and text[start:end].isdecimal()) or fold(text[start:end]) in figures
    ]


def _matches(text: str, terms: Sequence[Term], said: Iterable[Span], folded: str = "") -> list[Span]:
    """Where the text matches, in order, each stretch once."""
    if len(folded) == len(text):
        found = list(_places(folded, terms))
    else:
        opened = _title_folded(text) if len(text) <= LONGEST_TITLE else fold_with_origins(text)
        found = [
            (opened.origins[start], opened.origins[end - 1] + 1) for start, end in _places(opened.text, terms)
        ]
    return list(_joined(sorted([*found, *said])))


@lru_cache(maxsize=REMEMBERED)
def _title_folded(text: str) -> Folded:
    return fold_with_origins(text)


def _places(folded: str, terms: Sequence[Term]) -> Iterator[Span]:
    # A single letter stands in too many words to be shown as a reason, unless nothing else was asked for.
    shown = [term for term in terms if len(term.text) > 1 or not HAS_PAIRED.match(term.text)] or terms
    for term in shown:
        is_word = not HAS_PAIRED.match(term.text)
        for text in term.texts:
            yield from _occurrences(folded, text, is_word=is_word, is_prefix=term.is_prefix)


def _occurrences(folded: str, text: str, *, is_word: bool, is_prefix: bool) -> Iterator[Span]:
    start = folded.find(text)
    while start >= 0:
        end = start + len(text)
        if not is_word:
            yield start, end
        elif not _goes_on(folded, start - 1) and (is_prefix or not _goes_on(folded, end)):
            while _goes_on(folded, end):
                end += 1
            yield start, end
        start = folded.find(text, start + 1)


def _goes_on(folded: str, place: int) -> bool:
    """Whether a word's letter stands here."""
    if not 0 <= place < len(folded):
        return False
    return folded[place].isalnum() and not HAS_PAIRED.match(folded[place])


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    now: Span | None = None
    for start, end in spans:
        if now is None:
            now = (start, end)
        elif start <= now[1]:
            now = (now[0], max(now[1], end))
        else:
            yield now
            now = (start, end)
    if now is not None:
        yield now


def _densest(matches: Sequence[Span], width: int) -> int:
    """The start of the match after which most letters match within the width, the first such; 0 of none."""
    best, start = 0, 0
    for place, (left, _) in enumerate(matches):
        inside = 0
        for begins, ends in matches[place:]:
            if begins >= left + width:
                break
            inside += min(ends, left + width) - begins
        if inside > best:
            best, start = inside, left
    return start


def _sentence_start(text: str, place: int) -> int:
    earliest = max(0, place - LOOK_BACK)
    ends = [text.rfind(end, earliest, place) for end in SENTENCE_ENDS]
    if max(ends) >= 0:
        return _after_blanks(text, max(ends) + 1)
    if earliest == 0:
        return 0
    gap = text.rfind(" ", earliest, place)
    return gap + 1 if gap >= 0 else place


def _after_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _segments(text: str, matches: Iterable[Span], start: int, end: int) -> tuple[Segment, ...]:
    found: list[Segment] = []
    place = start
    for begins, ends in matches:
        begins, ends = max(begins, place), min(ends, end)  # noqa: PLW2901 - cut to what is shown
        if begins >= ends:
            continue
        if begins > place:
            found.append(Segment(text[place:begins]))
        found.append(Segment(text[begins:ends], is_match=True))
        place = ends
    if place < end:
        found.append(Segment(text[place:end]))
    return tuple(found)
