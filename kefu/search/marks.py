"""Showing why a hit was found: the matching parts of a title, and the passage of a text where most of them stand.

Text goes out in segments, never as HTML, so that a page can only escape it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kefu.search.folding import fold_with_origins
from kefu.search.tokens import Run, runs
from kefu.search.words import Term

SENTENCE_ENDS = "。！？!?\n"
WIDTH = 150
LOOK_BACK = 40


@dataclass(frozen=True)
class Segment:
    text: str
    is_match: bool = False


def mark(text: str, terms: Sequence[Term]) -> tuple[Segment, ...]:
    """The whole text, its matching parts told from the rest."""
    return _segments(text, _matched(text, terms))


def snippet(text: str, terms: Sequence[Term], *, width: int = WIDTH) -> tuple[Segment, ...]:
    """The passage with most matches, begun at a sentence where one is near; the beginning when nothing matches."""
    matched = _matched(text, terms)
    start = _sentence_start(text, _densest(matched, width))
    end = min(len(text), start + width)
    if end < len(text) and text[end].isascii() and text[end].isalnum():
        end = max(text.rfind(" ", start, end), start) or end
    passage = " ".join(text[start:end].split("\n"))
    before = [Segment("…")] if start else []
    after = [Segment("…")] if end < len(text) else []
    return (*before, *_segments(passage, matched[start:end]), *after)


def _matched(text: str, terms: Sequence[Term]) -> list[bool]:
    folded = fold_with_origins(text)
    matched = [False] * len(text)
    for run in runs(folded.text):
        for place in _places(run, terms):
            matched[folded.origins[place]] = True
    return matched


def _places(run: Run, terms: Sequence[Term]) -> Iterable[int]:
    if not run.is_paired:
        return range(run.start, run.end) if any(term.is_met_by(run.text) for term in terms) else ()
    # A single letter stands in too many words to be shown as a reason, unless nothing else was asked for.
    whole = [term.text for term in terms if len(term.text) > 1] or [term.text for term in terms]
    return (place for text in whole for place in _occurrences(run, text))


def _occurrences(run: Run, text: str) -> Iterable[int]:
    start = run.text.find(text)
    while start >= 0:
        yield from range(run.start + start, run.start + start + len(text))
        start = run.text.find(text, start + 1)


def _densest(matched: Sequence[bool], width: int) -> int:
    """Where the window of this width with most matches starts, the first such; a little before its first match."""
    inside = sum(matched[:width])
    best, start = inside, 0
    for left in range(1, max(1, len(matched) - width + 1)):
        inside += matched[left + width - 1] - matched[left - 1]
        if inside > best:
            best, start = inside, left
    return next((place for place in range(start, len(matched)) if matched[place]), 0) if best else 0


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


def _segments(text: str, matched: Sequence[bool]) -> tuple[Segment, ...]:
    found: list[Segment] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or matched[place] != matched[start]:
            found.append(Segment(text[start:place], matched[start]))
            start = place
    return tuple(found)
