from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kefu.safety.finders import patterns
from kefu.safety.finders.folding import Folded
from kefu.safety.finders.spans import SecretKind, Span, has_any

SHORTEST = 4
NEAR = 16
PARTS = ("密码", "口令", "passw", "pwd", "passphrase", "pin")
# The groups of the pattern: behind "密码是", behind "password:", and with nothing between.
CHINESE, IS, ENGLISH, BARE = 1, 2, 3, 4


def passwords(text: Folded) -> Iterable[Span]:
    """What stands behind "password:" and its like; behind "password is" only what is no word of talk."""
    return _passwords(text) if has_any(text.low, PARTS) else ()


def _passwords(text: Folded) -> Iterator[Span]:
    for match in patterns.PASSWORD.finditer(text.low):
        start, end = _place(text, match)
        if end - start >= SHORTEST and _is_password(text, match, start, end):
            yield Span(start, end, SecretKind.PASSWORD)
    for match in patterns.FUND_PASSWORD.finditer(text.low):
        if _is_fund_password(text.low, match):
            yield Span(*match.span(1), SecretKind.PASSWORD)


def _place(text: Folded, match: re.Match[str]) -> tuple[int, int]:
    """Without the punctuation that ends the sentence; an address that stands before the password is passed over."""
    start, end = match.span(next(group for group in (CHINESE, ENGLISH, BARE) if match.group(group)))
    before = text.low[max(0, match.start() - NEAR) : match.start()]
    is_email = patterns.EMAIL.search(text.low[start:end])
    following = (
        patterns.NEXT_VALUE.match(text.low, end)
        if is_email or patterns.ACCOUNT_BEFORE.search(before)
        else None
    )
    if following:
        start, end = following.start(1) if is_email else start, following.end(1)
    closing = patterns.CLOSING.search(text.low[start:end])
    return start, start + closing.start() if closing else end


def _is_fund_password(low: str, match: re.Match[str]) -> bool:
    before = low[max(0, match.start() - NEAR) : match.start()]
    is_uid = patterns.UID_LIKE.search(match.group()) and patterns.CHANGED_BEFORE.search(before)
    return not (
        is_uid
        or patterns.FORGOTTEN_BEFORE.search(before)
        or patterns.UNIT.match(low, match.end())
        or patterns.ID_AFTER.match(low, match.end())
    )


def _is_password(text: Folded, match: re.Match[str], start: int, end: int) -> bool:
    said = text.low[start:end]
    if patterns.NO_PASSWORD.search(said) or patterns.RANGE.search(said) or patterns.EMAIL.search(said):
        return False
    has_letter, has_digit = patterns.LETTER_IN.search(said), patterns.DIGIT_IN.search(said)
    if match.group(BARE):
        return bool(has_letter and has_digit and _is_bare_password(said, text.low, match))
    if not has_letter:
        return bool(has_digit and not patterns.UNIT.match(text.low, end))
    is_odd = patterns.SIGN_IN.search(said) or patterns.UPPER_IN.search(text.plain[start:end])
    return bool(is_odd or not match.group(IS))


def _is_bare_password(said: str, low: str, match: re.Match[str]) -> bool:
    if patterns.MIXED_BUT_NO_PASSWORD.search(said) or patterns.ADDRESS.search(said):
        return False
    before = low[max(0, match.start() - NEAR) : match.start()]
    is_thing = patterns.THING.search(said) or patterns.EMAIL_HERE.match(low, match.start(BARE))
    return not (is_thing and patterns.CHANGED_BEFORE.search(before))
