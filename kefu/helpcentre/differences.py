"""What differs between two texts, so that it reads well in Chinese too: a letter of Chinese is a word of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORDS = re.compile(r"[A-Za-z0-9]+(?:[_.'’-][A-Za-z0-9]+)*|\s+|.", re.DOTALL)
# Two passages with more words than this together are shown whole, one above the other.
MOST_WORDS = 4_000
MOST_LINES = 1_000
CONTEXT = 2


class Kind(StrEnum):
    SAME = "same"
    OUT = "out"
    IN = "in"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True)
class Line:
    """One line as it is read: pieces that stayed, went and came; or so many lines that are alike and left out."""

    pieces: tuple[Piece, ...]
    skipped: int = 0


def differ(before: str, after: str) -> list[Line]:
    """Lines with what changed in them, and two lines around each change."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    # Without junk, many lines that are alike cost the square of their number.
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > MOST_LINES)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            lines += [Line((Piece(Kind.SAME, line),)) for line in old[a:b]]
        else:
            lines += _changed("\n".join(old[a:b]), "\n".join(new[c:d]))
    return list(_shortened(lines))


def words_of(text: str) -> list[str]:
    return WORDS.findall(text)


def _changed(before: str, after: str) -> list[Line]:
    pieces = list(_pieces(words_of(before), words_of(after)))
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *rest = piece.text.split("\n")
        if first:
            lines[-1].append(Piece(piece.kind, first))
        lines += [[Piece(piece.kind, text)] if text else [] for text in rest]
    return [Line(tuple(line)) for line in lines]


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if len(old) + len(new) > MOST_WORDS or not old or not new:
        if old:
            yield Piece(Kind.OUT, "".join(old) + ("\n" if new else ""))
        if new:
            yield Piece(Kind.IN, "".join(new))
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Kind.SAME, "".join(old[a:b]))
            continue
        if a < b:
            yield Piece(Kind.OUT, "".join(old[a:b]))
        if c < d:
            yield Piece(Kind.IN, "".join(new[c:d]))


def _is_same(line: Line) -> bool:
    return all(piece.kind is Kind.SAME for piece in line.pieces)


def _shortened(lines: Sequence[Line]) -> Iterator[Line]:
    changed = [place for place, line in enumerate(lines) if not _is_same(line)]
    near = {place + off for place in changed for off in range(-CONTEXT, CONTEXT + 1)}
    skipped = 0
    for place, line in enumerate(lines):
        if place in near:
            if skipped:
                yield Line((), skipped)
            skipped = 0
            yield line
        else:
            skipped += 1
    if skipped and changed:
        yield Line((), skipped)
