"""Base58 and base58check: Bitcoin's (Bitcoin Core, base58.h) and the XRP Ledger's (xrpl.org, "Base58 Encodings")."""

from __future__ import annotations

import hashlib

BITCOIN = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
XRP = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
CHECK_BYTES = 4
# Longer than anything that we read: work grows with the square of the length.
LONGEST = 128


def decode(text: str, alphabet: str = BITCOIN) -> bytes | None:
    """The bytes; None if a character is not of the alphabet, or there are none or far too many."""
    if not 0 < len(text) <= LONGEST or not set(text) <= set(alphabet):
        return None
    number = 0
    for letter in text:
        number = number * len(alphabet) + alphabet.index(letter)
    zeros = len(text) - len(text.lstrip(alphabet[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def decode_checked(text: str, alphabet: str = BITCOIN) -> bytes | None:
    """What stands before the four check bytes; None if they are not right."""
    raw = decode(text, alphabet)
    if raw is None or len(raw) <= CHECK_BYTES:
        return None
    body, check = raw[:-CHECK_BYTES], raw[-CHECK_BYTES:]
    twice = hashlib.sha256(hashlib.sha256(body).digest()).digest()
    return body if twice[:CHECK_BYTES] == check else None
