from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from kefu.safety.finders import patterns
from kefu.safety.finders.folding import Folded
from kefu.safety.finders.spans import SecretKind, Span

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
NEAR_BEFORE, NEAR_AFTER = 60, 24
# No key is shorter; the bytes of one stand in brackets.
LONG = re.compile(r"[0-9A-Za-z]{51}|\[")


def pem_blocks(text: Folded) -> Iterator[Span]:
    if "private key" not in text.low:
        return
    at = 0
    while begin := patterns.PEM_BEGIN.search(text.low, at):
        end = patterns.PEM_END.search(text.low, begin.end())
        if end is None:
            yield from _unended_blocks(text, begin.start())
            return
        yield Span(begin.start(), end.end(), SecretKind.PEM)
        at = end.end()


def _unended_blocks(text: Folded, start: int) -> Iterator[Span]:
    for begin in patterns.PEM_BEGIN.finditer(text.low, start):
        body = patterns.PEM_BODY.match(text.low, begin.end())
        if body:
            yield Span(begin.start(), body.end(), SecretKind.PEM)


def keystores(text: Folded) -> Iterator[Span]:
    """Outermost objects with "crypto" and "ciphertext" in them; one that was not copied whole ends with the text."""
    if "ciphertext" not in text.low or not patterns.HAS_CRYPTO.search(text.low):
        return
    for start, end in _outermost_objects(text.low):
        before = patterns.CRYPTO_BEFORE.search(text.low[max(0, start - 20) : start])
        inside = text.low[start:end]
        if patterns.HAS_CIPHERTEXT.search(inside) and (before or patterns.HAS_CRYPTO.search(inside)):
            reach = len(before.group()) if before else 0
            yield Span(start - reach, end, SecretKind.KEYSTORE)


def _outermost_objects(low: str) -> Iterator[tuple[int, int]]:
    depth = start = 0
    for brace in patterns.BRACE.finditer(low):
        if brace.group() == "{":
            start = brace.start() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield start, brace.end()
    if depth:
        yield start, len(low)


def extended_keys(text: Folded) -> Iterator[Span]:
    if "prv" not in text.plain:
        return
    for match in patterns.EXTENDED.finditer(text.plain):
        yield Span(*match.span(), SecretKind.EXTENDED_KEY)


def private_keys(text: Folded) -> Iterator[Span]:
    if not LONG.search(text.plain):
        return
    for match in patterns.WIF.finditer(text.plain):
        if is_wif(match.group()):
            yield Span(*match.span(), SecretKind.PRIVATE_KEY)
    for match in patterns.BYTES.finditer(text.plain):
        yield Span(*match.span(), SecretKind.PRIVATE_KEY)
    for match in patterns.LONG_KEY.finditer(text.plain):
        if _is_called_a_key(text.low, *match.span()):
            yield Span(*match.span(), SecretKind.PRIVATE_KEY)


def is_wif(text: str) -> bool:
    """Base58check with version 0x80 around 32 bytes, and one byte more if the public key is compressed."""
    number = 0
    for letter in text:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    raw = number.to_bytes(40, "big").lstrip(b"\0")
    body, check = raw[:-4], raw[-4:]
    return body[:1] == b"\x80" and hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4] == check


def _is_called_a_key(low: str, start: int, end: int) -> bool:
    """The last word before it that names it decides; if there is none, the first one after it."""
    before = [*patterns.KEY_OR_TX.finditer(low[max(0, start - NEAR_BEFORE) : start])]
    named = before[-1] if before else patterns.KEY_OR_TX.search(low[end : end + NEAR_AFTER])
    return named is not None and named.group(1) is not None
