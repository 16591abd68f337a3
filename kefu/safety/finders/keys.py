from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from kefu.safety import base58
from kefu.safety.finders import patterns
from kefu.safety.finders.folding import Folded
from kefu.safety.finders.spans import SecretKind, Span, has_any

# In wallet import format: Bitcoin's and Bitcoin Cash's, Litecoin's, Dogecoin's (each chain's chainparams.cpp, SECRET_KEY).
WIF_VERSIONS = (b"\x80", b"\xb0", b"\x9e")
KEY_BYTES = 32
# What stands in front, and how many bytes there are with it. Behind a password: BIP-38. The XRP Ledger's seeds: xrpl.org,
# "Base58 Encodings".
BIP38 = {b"\x01\x42": 39, b"\x01\x43": 39}
XRP_SEEDS = {b"\x21": 17, b"\x01\xe1\x4b": 19}
NEAR_BEFORE, NEAR_AFTER = 60, 24
# Addresses and other keys between the word and the key don't count, but for how far back anything is looked for.
WIDEST_BEFORE = 300
# No key is shorter, a seed of XRP least of all; the bytes of one stand in brackets.
LONG, OPENS = re.compile("[0-9A-Za-z]{28}"), "["
EXTENDED_PARTS = ("prv", "tpv", "gpv")


def pem_blocks(text: Folded) -> Iterable[Span]:
    return _pem_blocks(text) if "private key" in text.low else ()


def _pem_blocks(text: Folded) -> Iterator[Span]:
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


def keystores(text: Folded) -> Iterable[Span]:
    """Outermost objects with "crypto" and "ciphertext" in them; one that was not copied whole ends with the text."""
    return _keystores(text) if "ciphertext" in text.low and patterns.HAS_CRYPTO.search(text.low) else ()


def _keystores(text: Folded) -> Iterator[Span]:
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


def extended_keys(text: Folded) -> Iterable[Span]:
    return _extended_keys(text) if has_any(text.plain, EXTENDED_PARTS) else ()


def _extended_keys(text: Folded) -> Iterator[Span]:
    for match in patterns.EXTENDED.finditer(text.plain):
        yield Span(*match.span(), SecretKind.EXTENDED_KEY)


def private_keys(text: Folded) -> Iterable[Span]:
    return _private_keys(text) if LONG.search(text.plain) or OPENS in text.plain else ()


def _private_keys(text: Folded) -> Iterator[Span]:
    for match in patterns.CHECKED_KEY.finditer(text.plain):
        if is_checked_key(match.group()):
            yield Span(*match.span(), SecretKind.PRIVATE_KEY)
    for pattern in (patterns.NAMED_KEY, patterns.BYTES):
        for match in pattern.finditer(text.plain):
            yield Span(*match.span(), SecretKind.PRIVATE_KEY)
    for match in patterns.LONG_KEY.finditer(text.plain):
        if _is_called_a_key(text.low, *match.span()):
            yield Span(*match.span(), SecretKind.PRIVATE_KEY)


def is_checked_key(text: str) -> bool:
    """Base58check around a private key in wallet import format, around one behind a password, or around a seed of XRP."""
    if text[0] == "s":
        return _begins(base58.decode_checked(text, base58.XRP) or b"", XRP_SEEDS)
    body = base58.decode_checked(text) or b""
    return _is_wif(body) or _begins(body, BIP38)


def _is_wif(body: bytes) -> bool:
    """A version and a key, and one byte more if its public key is compressed."""
    is_compressed = len(body) == KEY_BYTES + 2 and body[-1] == 1
    return body[:1] in WIF_VERSIONS and (len(body) == KEY_BYTES + 1 or is_compressed)


def _begins(body: bytes, sizes: Mapping[bytes, int]) -> bool:
    return any(body.startswith(start) and len(body) == size for start, size in sizes.items())


def _is_called_a_key(low: str, start: int, end: int) -> bool:
    """The last word before it that names it decides; if there is none, the first one after it."""
    near = patterns.LONG_WORD.sub("", low[max(0, start - WIDEST_BEFORE) : start])[-NEAR_BEFORE:]
    after = low[end : end + NEAR_AFTER]
    if patterns.PLACE_BEFORE.search(near) and not patterns.KEY_AFTER.search(after):
        return False
    before = [*patterns.KEY_OR_TX.finditer(near)]
    named = before[-1] if before else patterns.KEY_OR_TX.search(after)
    return named is not None and named.group(1) is not None
