"""Refs: what a conversation is called outside, made to be read aloud and typed again.

A ref is the brand's prefix, twelve random characters of Crockford's base 32 in groups of four, and a check
character: the number that the twelve stand for, modulo 31, in the same alphabet. Crockford's own modulo 37 needs five signs
(``* ~ $ = U``) that survive neither a URL nor a telephone call; 31 is prime too, so every single wrong character and nearly
every swap of two is still found. A ref is never a key by itself: who holds only a ref sees nothing.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
# What people write for what they hear or see.
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_ref(prefix: str) -> str:
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return _written(prefix, body)


def read_ref(typed: str) -> str | None:
    """The ref that was meant, in its written form, or None if the check character disagrees."""
    plain = re.sub(r"[\s\-–—_]", "", typed).upper()
    prefix, body, check = plain[: -LENGTH - 1], plain[-LENGTH - 1 : -1].translate(MISREAD), plain[-1:]
    if not prefix or len(body) != LENGTH or any(letter not in ALPHABET for letter in body):
        return None
    written = _written(prefix, body)
    return written if written[-1] == check.translate(MISREAD) else None


def _written(prefix: str, body: str) -> str:
    number = 0
    for letter in body:
        number = number * 32 + ALPHABET.index(letter)
    groups = "-".join(body[start : start + 4] for start in range(0, LENGTH, 4))
    return f"{prefix}-{groups}-{_check_character(number)}"


def _check_character(number: int) -> str:
    return ALPHABET[number % 31]
