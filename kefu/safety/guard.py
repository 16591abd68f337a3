"""The secret guard: seed phrases, keys, passwords and one-time codes are replaced before anything is stored.

What was taken out leaves a placeholder, ``⟦secret:KIND⟧``; the rest stays as it was, to the character. The same rules run
in the browser (`static/safety/guard.js`), from the same patterns, and one corpus tests both.
"""

from __future__ import annotations

import re
from typing import Any, Self

from kefu.safety.finders.codes import codes
from kefu.safety.finders.folding import fold
from kefu.safety.finders.keys import extended_keys, keystores, pem_blocks, private_keys
from kefu.safety.finders.passwords import passwords
from kefu.safety.finders.phrases import chinese_phrases, english_phrases
from kefu.safety.finders.spans import Rule, SecretKind, Span

__all__ = ["Guarded", "SecretKind", "guard", "guard_again"]

# Where two overlap, the one named first gives its kind.
RULES: tuple[Rule, ...] = (
    pem_blocks,
    keystores,
    extended_keys,
    private_keys,
    english_phrases,
    chinese_phrases,
    passwords,
    codes,
)
PLACEHOLDER = re.compile(r"⟦secret:(" + "|".join(SecretKind) + r")⟧")
OPENS, CLOSES = "⟦", "⟧"
STRAY = str.maketrans({OPENS: "〔", CLOSES: "〕"})


class Guarded(str):
    """Text that went through the guard. Only the guard makes it, or a field that reads what was stored guarded.

    What str's own methods make of it (slices, sums, strip) is plain text again.
    """

    __slots__ = ()

    def __new__(cls, _: str) -> Self:
        raise TypeError("Only guard() makes Guarded text.")

    def __reduce__(self) -> tuple[Any, ...]:
        # Copies and pickles of rows keep what they are.
        return as_stored, (str(self),)

    @property
    def found(self) -> tuple[SecretKind, ...]:
        """What was taken out, in the order of the text, each kind once."""
        if OPENS not in self:
            return ()
        return tuple(dict.fromkeys(SecretKind(kind) for kind in PLACEHOLDER.findall(self)))

    def cut(self, length: int) -> Guarded:
        """One line of at most `length` characters; a placeholder is kept whole or left out."""
        line = " ".join(self.split())
        end = min(length, len(line))
        for match in PLACEHOLDER.finditer(line) if OPENS in line else ():
            if match.start() < end < match.end():
                end = match.start()
        return as_stored(line[:end])


def as_stored(text: str) -> Guarded:
    """Text that was guarded before it was stored: for fields only."""
    # Past its own way, which nobody goes.
    return str.__new__(Guarded, text)


def guard(text: str) -> Guarded:
    """Replace every secret in what somebody typed; brackets that could be taken for a placeholder are changed too.

    Takes time in proportion to the text's length. Guarded text comes back as it is.
    """
    return text if isinstance(text, Guarded) else guard_again(_without_strays(text))


def guard_again(text: str) -> Guarded:
    """Replace every secret in what our own script, or a draft, has guarded before: the placeholders in it stay.

    Who writes a placeholder by hand to this door can only say that something was hidden in their own words, which
    typing "code 123456" says as well. Guarding again changes nothing.
    """
    if isinstance(text, Guarded):
        return text
    # What stood beside a secret is seen in a new light when that is gone, so look until there is nothing new.
    while (masked := _mask(text)) != text:
        text = masked
    return as_stored(text)


def _mask(text: str) -> str:
    if OPENS not in text:
        return _mask_stretch(text)
    parts: list[str] = []
    at = 0
    for match in PLACEHOLDER.finditer(text):
        parts += [_mask_stretch(text[at : match.start()]), match.group()]
        at = match.end()
    return "".join([*parts, _mask_stretch(text[at:])])


def _mask_stretch(text: str) -> str:
    """A stretch without any placeholder in it."""
    folded = fold(text)
    spans = [span for rule in RULES for span in rule(folded)]
    if not spans:
        return _without_strays(text)
    parts: list[str] = []
    at = 0
    for span in _apart(spans):
        parts += [_without_strays(text[at : folded.start_of(span.start)]), f"⟦secret:{span.kind}⟧"]
        at = folded.end_of(span.end)
    return "".join([*parts, _without_strays(text[at:])])


def _without_strays(text: str) -> str:
    return text.translate(STRAY) if OPENS in text or CLOSES in text else text


def _apart(spans: list[Span]) -> list[Span]:
    """Spans in order, those that overlap as one. They come by rank of their rule."""
    joined: list[tuple[int, Span]] = []
    for rank, span in sorted(enumerate(spans), key=lambda one: one[1].start):
        if joined and span.start < joined[-1][1].end:
            first, last = joined[-1]
            kind = last.kind if first < rank else span.kind
            joined[-1] = (min(first, rank), Span(last.start, max(last.end, span.end), kind))
        else:
            joined.append((rank, span))
    return [span for _, span in joined]
