"""Regular expressions with one alternative less: `a|b|c` without `b`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise


def fewer(pattern: str, *, is_whole: bool) -> Iterator[tuple[str, str]]:
    """Each alternative, and the pattern without it; a piece of a pattern keeps what its ends may cut through."""
    for start, end in _alternatives(pattern, is_whole=is_whole):
        before, after = pattern[:start], pattern[end:]
        rest = before + after[1:] if after.startswith("|") else before.removesuffix("|") + after
        yield pattern[start:end], rest


def _alternatives(pattern: str, *, is_whole: bool) -> Iterator[tuple[int, int]]:
    """From where to where each stands, where there are at least two side by side."""
    # Each open group: where its alternatives begin; a piece's own level begins nowhere, for it may be cut.
    open_groups: list[list[int | None]] = [[0 if is_whole else None]]
    for at, sign in _signs(pattern):
        if sign == "(":
            open_groups.append([_after_mark(pattern, at)])
        elif sign == "|":
            open_groups[-1].append(at)
        elif len(open_groups) > 1:
            yield from _between(open_groups.pop(), at)
    if is_whole or len(open_groups) == 1:
        yield from _between(open_groups[0], len(pattern) if is_whole else None)


def _between(marks: list[int | None], end: int | None) -> Iterator[tuple[int, int]]:
    if len(marks) < 2:
        return
    for place, (start, until) in enumerate(pairwise([*marks, end])):
        if start is not None and until is not None:
            yield (start if place == 0 else start + 1), until


def _signs(pattern: str) -> Iterator[tuple[int, str]]:
    """Brackets and bars that mean something, outside of sets."""
    is_set = False
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            at += 1
        elif is_set:
            is_set = sign != "]"
        elif sign == "[":
            is_set = True
        elif sign in "(|)":
            yield at, sign
        at += 1


def _after_mark(pattern: str, at: int) -> int:
    """Where a group's first alternative begins: behind `(`, `(?:`, `(?=`, `(?<!` and their like."""
    for mark in ("(?:", "(?=", "(?!", "(?<=", "(?<!"):
        if pattern.startswith(mark, at):
            return at + len(mark)
    return at + 1
