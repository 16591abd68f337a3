"""Bech32 (BIP-173), bech32m (BIP-350), and cashaddr, which took their letters and another checksum (Bitcoin Cash's spec)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHECK_LETTERS, CASH_CHECK_LETTERS = 6, 8
STEP = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
CASH_STEP = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
BIP173_LONGEST = 90
LAST_VERSION = 16
SHORTEST_PROGRAM, LONGEST_PROGRAM = 2, 40
BITS = 5


class Variant(IntEnum):
    """What the checksum comes to."""

    BECH32 = 1
    BECH32M = 0x2BC830A3


@dataclass(frozen=True)
class Decoded:
    """`values` are the five-bit values between the prefix and the checksum."""

    prefix: str
    values: tuple[int, ...]
    variant: Variant


def decode(text: str, *, longest: int = BIP173_LONGEST) -> Decoded | None:
    """None unless the checksum is right. Letters are all small or all capital."""
    low = text.lower()
    at = low.rfind("1")
    if text not in {low, text.upper()} or not 0 < at <= len(low) - 1 - CHECK_LETTERS or len(low) > longest:
        return None
    prefix, values = low[:at], _values(low[at + 1 :])
    if values is None:
        return None
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = _polymod([*spread, *values])
    if check not in set(Variant):
        return None
    return Decoded(prefix, tuple(values[:-CHECK_LETTERS]), Variant(check))


def witness(text: str, prefix: str) -> bytes | None:
    """A segwit address's program, of whatever version; None if it is no address with this prefix (BIP-173, BIP-350)."""
    found = decode(text)
    if found is None or found.prefix != prefix or not found.values:
        return None
    version, program = found.values[0], to_bytes(found.values[1:])
    if version > LAST_VERSION or program is None:
        return None
    if not SHORTEST_PROGRAM <= len(program) <= LONGEST_PROGRAM:
        return None
    if version == 0:
        return program if found.variant is Variant.BECH32 and len(program) in {20, 32} else None
    return program if found.variant is Variant.BECH32M else None


def to_bytes(values: Sequence[int]) -> bytes | None:
    """Five bits each into eight; None if what is left over is a whole value or not zero."""
    number = 0
    for value in values:
        number = number << BITS | value
    left = len(values) * BITS % 8
    if left >= BITS or number & ((1 << left) - 1):
        return None
    return (number >> left).to_bytes(len(values) * BITS // 8, "big")


def cash_hash(text: str) -> bytes | None:
    """A cashaddr's hash, with or without its prefix; None unless the checksum and the size in its version byte are right."""
    low = text.lower()
    prefix, _, letters = low.rpartition(":")
    prefix = prefix or "bitcoincash"
    values = _values(letters)
    if text not in {low, text.upper()} or prefix != "bitcoincash" or not values:
        return None
    if _cash_polymod([*(ord(letter) & 31 for letter in prefix), 0, *values]) != 0:
        return None
    raw = to_bytes(values[:-CASH_CHECK_LETTERS])
    if not raw or raw[0] & 0x80:
        return None
    size = (20, 24, 28, 32, 40, 48, 56, 64)[raw[0] & 7]
    return raw[1:] if len(raw) == size + 1 else None


def _values(letters: str) -> list[int] | None:
    return [LETTERS.index(letter) for letter in letters] if set(letters) <= set(LETTERS) else None


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, step in enumerate(STEP):
            check ^= step if top >> bit & 1 else 0
    return check


def _cash_polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top, check = check >> 35, (check & 0x07FFFFFFFF) << 5 ^ value
        for bit, step in enumerate(CASH_STEP):
            check ^= step if top >> bit & 1 else 0
    return check ^ 1
