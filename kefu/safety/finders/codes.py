from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kefu.safety.finders import patterns
from kefu.safety.finders.folding import Folded
from kefu.safety.finders.spans import SecretKind, Span, has_any

NEAR = 24
NEAR_IN_ANSWER = 80
# Every pattern for codes needs one of these: most texts are done after a look that costs nothing.
PARTS = ("码", "口令", "验证", "2fa", "otp", "code", "one", "authenticator")
ANY_DIGITS = re.compile("[0-9]{3}|[0-9] [0-9]")


def codes(text: Folded) -> Iterable[Span]:
    """Four to eight digits within twelve characters behind a word for one-time codes, or called one right behind them.

    Those on the line below the word need more than the word.
    """
    return _codes(text.low) if has_any(text.low, PARTS) and ANY_DIGITS.search(text.low) else ()


def _codes(low: str) -> Iterator[Span]:
    for word in patterns.CODE_WORD.finditer(low):
        after = patterns.CODE_AFTER.match(low, word.end())
        if after and _is_code(low, word, after):
            yield Span(*after.span(2), SecretKind.CODE)
            yield from _more(low, after.end())
    for match in patterns.CODE_BEFORE.finditer(low):
        yield Span(*match.span(1), SecretKind.CODE)
    if "\n" in low:
        for match in patterns.CODE_BELOW.finditer(low):
            yield Span(*match.span(1), SecretKind.CODE)


def _is_code(low: str, word: re.Match[str], after: re.Match[str]) -> bool:
    between, end = after.group(1), after.end()
    if (
        patterns.NO_CODE_BETWEEN.search(between)
        or patterns.UNIT.match(low, end)
        or patterns.ID_AFTER.match(low, end)
    ):
        return False
    before = low[max(0, word.start() - NEAR) : word.start()]
    if patterns.NEGATED_BEFORE.search(before) and not patterns.DIRECT.search(between):
        return False
    if patterns.NO_CODE_BEFORE.search(before):
        return False
    return not patterns.BARE_CODE.search(word.group()) or _is_for_people(low, word.start(), before, after)


def _is_for_people(low: str, word: int, before: str, after: re.Match[str]) -> bool:
    """Whether what is called a code and no more is not a program's answer, nor something to redeem."""
    if patterns.NO_BARE_CODE_BEFORE.search(before):
        return False
    is_keyed = patterns.KEYED.search(after.group(1))
    if patterns.FIVE_DIGITS.search(after.group(2)):
        return not (is_keyed or patterns.REASON.match(low, after.end()))
    around = low[max(0, word - NEAR_IN_ANSWER) : after.end() + NEAR_IN_ANSWER]
    return not (is_keyed and patterns.ANSWER.search(around))


def _more(low: str, end: int) -> Iterator[Span]:
    """The second of two: "123456 and 654321"."""
    also = patterns.CODE_ALSO.match(low, end)
    if also and not patterns.UNIT.match(low, also.end()):
        yield Span(*also.span(1), SecretKind.CODE)
