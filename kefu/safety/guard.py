"""The secret guard: seed phrases, keys, passwords and one-time codes are replaced before anything is stored.

What was taken out leaves a placeholder, ``⟦secret:KIND⟧``. The same rules run in the browser (`static/safety/guard.js`), and
one corpus tests both. Guarding twice changes nothing.
"""

from __future__ import annotations

import re

from kefu.safety.folding import Folded, fold
from kefu.safety.rules import RULES, SecretKind, Span

__all__ = ["Guarded", "SecretKind", "guard"]

PLACEHOLDER = re.compile(r"⟦secret:(" + "|".join(kind.value for kind in SecretKind) + r")⟧")
STRAY = str.maketrans({"⟦": "〔", "⟧": "〕"})


class Guarded(str):
    """Text that went through the guard; `found` says what was taken out, in order, each kind once."""

    __slots__ = ()

    @property
    def found(self) -> tuple[SecretKind, ...]:
        return tuple(dict.fromkeys(SecretKind(kind) for kind in PLACEHOLDER.findall(self)))

    def cut(self, length: int) -> Guarded:
        """Its first line, at most `length` characters; a placeholder is kept whole or left out."""
        line = " ".join(self.split())
        end = min(length, len(line))
        for match in PLACEHOLDER.finditer(line):
            if match.start() < end < match.end():
                end = match.start()
        return Guarded(line[:end])


def guard(text: str) -> Guarded:
    """The text with every secret replaced. Linear in its length; what is no secret stays as it was, to the character."""
    if isinstance(text, Guarded):
        return text
    parts: list[str] = []
    at = 0
    # Placeholders of an earlier guarding, in the browser for instance, stand between the stretches that are read.
    for match in PLACEHOLDER.finditer(text):
        parts += [_guard_stretch(text[at : match.start()]), match.group()]
        at = match.end()
    parts.append(_guard_stretch(text[at:]))
    return Guarded("".join(parts))


def _guard_stretch(text: str) -> str:
    folded = fold(text)
    parts: list[str] = []
    at = 0
    for span in _without_overlaps(folded):
        start, end = folded.place(span.start), folded.place(span.end)
        parts += [text[at:start].translate(STRAY), f"⟦secret:{span.kind}⟧"]
        at = end
    return "".join([*parts, text[at:].translate(STRAY)])


def _without_overlaps(folded: Folded) -> list[Span]:
    """Spans in order; where two overlap, the rule that is named first wins and the other is joined to it."""
    spans = sorted(
        (span for rule in RULES for span in rule(folded)), key=lambda span: (span.start, -span.end)
    )
    joined: list[Span] = []
    for span in spans:
        if joined and span.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = Span(last.start, max(last.end, span.end), last.kind)
        else:
            joined.append(span)
    return joined
